"""What goes into a chat fits what each takes, mentions nobody, and leads back to the insight."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from collector.addresses import Addresses
from collector.locale import Speaker
from collector.webhooks import chat
from collector.webhooks.chat import mattermost, slack

SCHEMAS = Path(__file__).parents[2] / "support/chat_schemas"
FORMS = tuple(chat.PAYLOADS)
NASTY = "<!channel> @all *bold* [x](https://evil.example) & <b>| \\`code`\nsecond"
DATA = {"insight_id": "0199", "verb": "filed", "title": NASTY, "touchpoint": "installed", "owners": ["operations"], "before": "order", "due": "2026-12-01"}  # fmt: skip
NAMES = chat.Names({"installed": "Technician's *visit*", "order": "Order"}, {"operations": "Operations & Co"})


def made(form: str, language: str = "en", kind: str = "insight.changed", **given: Any) -> dict[str, Any]:
    addresses = Addresses("https://ask.example.com/feedback")
    note = chat.note(kind, {**DATA, **given}, NAMES, addresses, Speaker(language))
    return chat.PAYLOADS[form](note)


def fits(form: str, payload: Any) -> None:
    schema = json.loads((SCHEMAS / f"{form}.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(payload)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"title": "x" * 5000},
        {"title": ""},
        {"title": None, "owners": [], "touchpoint": None, "due": None},
        {"owners": [f"owner-{n}" for n in range(400)]},
        {"kind": "action.changed", "verb": "planned"},
        {"kind": "signal.raised", "insight_id": None, "signal_id": "0200"},
        {"kind": "webhook.test", "insight_id": None, "webhook_id": "0201", "title": ""},
    ],
)
def test_it_fits_what_the_chat_takes(form: str, given: dict[str, Any]) -> None:
    fits(form, made(form, **given))


@pytest.mark.parametrize("form", FORMS)
def test_the_schemas_refuse_what_is_wrong(form: str) -> None:
    for wrong in ({}, {**made(form), "channel": "#general"}, {"text": 3}):
        with pytest.raises(jsonschema_rs.ValidationError):
            fits(form, wrong)


@pytest.mark.parametrize("form", FORMS)
def test_it_leads_back_below_the_prefix_in_the_companys_language(form: str) -> None:
    said = json.dumps(made(form, "de"), ensure_ascii=False)
    assert "https://ask.example.com/feedback/insights/0199" in said
    assert "Neues Insight" in said
    assert "In Afterword öffnen" in said


def test_slack_mentions_nobody_and_formats_nothing() -> None:
    payload = made("slack")
    assert "<!channel>" not in payload["text"]
    markup = [block["text"] for block in payload["blocks"] if block["text"]["type"] == "mrkdwn"]
    assert [each["text"] for each in markup] == [
        "<https://ask.example.com/feedback/insights/0199|Open in Afterword>"
    ]
    assert slack.escaped("<@U1> & >") == "&lt;@U1&gt; &amp; &gt;"


def test_teams_shows_what_people_wrote_as_it_is() -> None:
    body = made("teams")["attachments"][0]["content"]["body"]
    assert {block["type"] for block in body} == {"RichTextBlock"}
    assert body[1]["inlines"][0]["text"] == " ".join(NASTY.split())


def test_mattermost_escapes_marks_and_mentions() -> None:
    assert mattermost.escaped("@all *b* [x](y)") == "@\u200ball \\*b\\* \\[x\\]\\(y\\)"
    assert "@all" not in json.dumps(made("mattermost"), ensure_ascii=False)


@pytest.mark.parametrize("form", FORMS)
def test_a_chat_is_told_of_its_scope_and_not_of_every_edit(
    form: str, subscribe: Any, client: Any, keys: Any, work: Any, receiver: Any
) -> None:
    kinds = ("insight.changed", "action.changed")
    subscribe(*kinds, form=form, scope=["operations"])
    for touchpoint in ("order-confirmed", "installed"):
        told = {"title": f"At {touchpoint}", "touchpoint": touchpoint}
        insight = client.post("/api/v1/insights", json=told, headers=keys["admin"]).json["insight_id"]
    url = f"/api/v1/insights/{insight}"
    client.patch(url, json={"title": "Another"}, headers=keys["admin"])
    task = {"title": "Call first", "owner": "operations", "due": "2026-12-01"}
    client.post(f"{url}/actions", json=task, headers=keys["admin"])
    work()
    for (headers, body), words in zip(receiver.calls, ("New insight", "New action"), strict=True):
        fits(form, json.loads(body))
        assert words in body.decode()
        assert "webhook-signature" not in headers
        assert insight in body.decode()


def test_a_chat_is_not_told_of_customers_and_its_address_is_shown_to_nobody(
    subscribe: Any, client: Any, keys: Any, receiver: Any, company: Any
) -> None:
    body = {"name": "Chat", "url": receiver.url, "form": "slack", "kinds": ["response.completed"]}
    refused = client.post("/api/v1/webhooks", json=body, headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, "bad_event_kinds")
    subscribe("insight.changed", form="slack")
    listed = client.get("/api/v1/webhooks", headers=keys["admin"]).text
    assert "/hook" not in listed
    record = client.get("/api/v1/changes?noun=webhook", headers=keys["admin"]).text
    assert "/hook" not in record


def test_a_test_arrives_in_a_chat(subscribe: Any, client: Any, keys: Any, work: Any, receiver: Any) -> None:
    hook = subscribe("insight.changed", form="teams")
    client.post(f"/api/v1/webhooks/{hook['webhook_id']}/test", headers=keys["admin"])
    work()
    ((_headers, body),) = receiver.calls
    assert f"https://ask.example.com/feedback/webhooks/{hook['webhook_id']}" in body.decode()
