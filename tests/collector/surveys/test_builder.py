"""The builder without JavaScript: make, word, publish and close a survey; the metric guard asks before a number breaks."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import surveys


def series(session: Session, company: Any, key: str = "order-nps") -> list[list[str]]:
    session.rollback()
    session.expire_all()
    found = [row.broken_by for row in surveys.series_of(session, company.workspace_id, key)]
    session.rollback()
    return found


def notes(session: Session, company: Any, key: str = "order-nps") -> list[str]:
    session.rollback()
    session.expire_all()
    found = [row.note for row in surveys.versions(session, company.workspace_id, key)]
    session.rollback()
    return found


def hidden(page: str) -> dict[str, str]:
    """The fields that a page carries over."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_a_survey_is_made_shown_and_published(builder: Any, trigger: Any) -> None:
    assert trigger(touchpoint="unasked", journey=None)["reason"] == "no_survey"
    made = builder.post("/surveys", template="csat", touchpoint="unasked", subject="the invoice")
    assert (made.status_code, made.headers["Location"]) == (303, "/surveys/unasked-csat")
    assert trigger(touchpoint="unasked", journey=None)["reason"] == "no_survey"
    page = builder.get("/surveys/unasked-csat").text
    assert "Draft" in page
    assert "Publish" in page
    assert builder.post("/surveys/unasked-csat/state", state="published").status_code == 303
    assert trigger(touchpoint="unasked", journey=None)["decision"] == "invite"


def test_it_lists_every_survey_with_its_state(builder: Any) -> None:
    builder.post("/surveys/visit-csat/state", state="paused")
    page = builder.get("/surveys").text
    assert all(key in page for key in ("order-nps", "visit-csat", "silent-ces"))
    assert "Paused" in page


def test_a_comment_s_words_change_without_a_question(builder: Any, session: Session, company: Any) -> None:
    answer = builder.save("order-nps", text__questions__comment__text="Anything else?")
    assert answer.status_code == 303
    assert "Anything else?" in builder.get("/surveys/order-nps").text
    assert series(session, company) == [[]]


def test_what_breaks_is_shown_before_anything_is_saved(builder: Any, session: Session, company: Any) -> None:
    answer = builder.save("order-nps", subject="Another Telecom")
    assert answer.status_code == 409
    assert all(said in answer.text for said in ("Example Telecom", "Another Telecom", "Start a new series"))
    assert series(session, company) == [[]]
    assert len(notes(session, company)) == 1


def test_a_new_series_starts_only_on_confirmation(builder: Any, session: Session, company: Any) -> None:
    asked = builder.save("order-nps", subject="Another Telecom")
    carried = hidden(asked.text)
    assert builder.post("/surveys/order-nps", **carried, decision="new_series").status_code == 303
    assert series(session, company) == [[], ["subject"]]
    assert "new series" in builder.get("/surveys/order-nps").text


def test_the_same_meaning_is_marked_with_a_reason(builder: Any, session: Session, company: Any) -> None:
    asked = builder.save("order-nps", subject="Example Telekom")
    carried = hidden(asked.text)
    without = builder.post("/surveys/order-nps", **carried, decision="same_meaning")
    assert (without.status_code, "Say why it means the same." in without.text) == (409, True)
    reason = "the name was misspelt"
    kept = builder.post("/surveys/order-nps", **carried, decision="same_meaning", reason=reason)
    assert kept.status_code == 303
    assert series(session, company) == [[]]
    assert notes(session, company)[0] == f"administrator@example.com: {reason}"


def test_a_survey_never_slides_onto_another_scale(builder: Any, session: Session, company: Any) -> None:
    """Neither a forged form nor a mark makes a 0-10 question a 1-5 one in the same series."""
    answer = builder.save(
        "order-nps", subject="x", decision="same_meaning", reason="r", template="csat", kind="csat", max="5"
    )
    assert answer.status_code == 303
    published = surveys.version(session, company.workspace_id, "order-nps", 2)
    assert (published.template.key, published.metric) == ("nps", "nps")


def test_a_standard_instrument_keeps_its_wording(builder: Any) -> None:
    answer = builder.save("order-nps", text__questions__score__text="Would you recommend {subject}?")
    assert answer.status_code == 422
    assert "standard instrument" in answer.text
    assert "Would you recommend {subject}?" in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quota": "many"}, "quota"),
        ({"quota": "0"}, "quota"),
        ({"from": "2026-12-01T10:00", "to": "2026-11-01T10:00"}, "must lie behind"),
        ({"from": "tomorrow"}, "must be a day and a time"),
        ({"policy": "this_survey: {after_answer: -1}"}, "policy"),
        ({"policy": "a: [b"}, "policy"),
        ({"subject": "x" * 121}, "at most 120"),
        ({"text.questions.comment.text": "no {placeholder}"}, "placeholder"),
        ({"locale": "not a tag"}, "language"),
    ],
)
def test_a_wrong_field_is_named_and_kept(builder: Any, fields: dict[str, str], said: str) -> None:
    answer = builder.save("order-nps", **fields)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_settings_are_saved_and_taken_back(builder: Any, session: Session, company: Any) -> None:
    given = {"from": "2026-11-01T08:00", "to": "2026-12-01T08:00", "quota": "40"}
    assert builder.save("order-nps", **given, policy="sample: 0.5").status_code == 303
    survey = surveys.get(session, company.workspace_id, "order-nps")
    assert (survey.quota, survey.policy, survey.starts_at.hour) == (40, {"sample": 0.5}, 8)
    session.rollback()
    page = builder.get("/surveys/order-nps").text
    assert all(value in page for value in (*given.values(), "sample: 0.5"))
    assert builder.save("order-nps", **{"from": "", "to": "", "quota": "", "policy": ""}).status_code == 303
    session.expire_all()
    survey = surveys.get(session, company.workspace_id, "order-nps")
    assert (survey.quota, survey.policy, survey.ends_at) == (None, {}, None)


def test_two_who_edit_at_once_do_not_overwrite_each_other(builder: Any) -> None:
    builder.save("order-nps", text__questions__comment__text="Anything else?")
    late = builder.save("order-nps", base=1, text__questions__comment__text="What more?")
    assert late.status_code == 412
    assert "What more?" in late.text


def test_a_closed_survey_stays_closed(builder: Any) -> None:
    builder.post("/surveys/order-nps/state", state="closed")
    assert builder.post("/surveys/order-nps/state", state="published").status_code == 409


def test_the_preview_serves_the_draft_and_stores_nothing(
    builder: Any, session: Session, company: Any
) -> None:
    words = {"text__questions__comment__text": "Noch etwas?", "locale": "de"}
    page = builder.post("/surveys/order-nps/preview", **words, mode="popover", scheme="dark")
    assert page.status_code == 200
    assert 'data-theme="dark"' in page.text
    assert 'mode="popover"' in page.text
    assert "Noch etwas?" in page.text
    assert len(notes(session, company)) == 1
    assert 'dir="rtl"' in builder.get("/surveys/order-nps/preview?locale=ar").text


def test_a_translation_goes_out_and_comes_back(builder: Any, session: Session, company: Any) -> None:
    said = "Was hat gefehlt?"
    for form, name in (("po", "x.po"), ("xliff1", "x.xlf"), ("xliff2", "x.xlf")):
        body = builder.get(f"/surveys/order-nps/translation?locale=de&format={form}").data
        changed = body.replace(said.encode(), f"Was fehlte ({form})?".encode())
        answer = builder.post("/surveys/order-nps/translation", file=(io.BytesIO(changed), name))
        assert (answer.status_code, "1 text was taken" in answer.text) == (200, True)
        said = f"Was fehlte ({form})?"
        assert said in builder.get("/surveys/order-nps?locale=de").text
    assert series(session, company) == [[]]


def test_a_new_language_asks_about_the_series_first(builder: Any, session: Session, company: Any) -> None:
    body = builder.get("/surveys/order-nps/translation?locale=it&format=po").data.decode()
    filled = re.sub(r'msgid "(.+)"\nmsgstr ""', r'msgid "\1"\nmsgstr "\1"', body)
    asked = builder.post("/surveys/order-nps/translation", file=(io.BytesIO(filled.encode()), "it.po"))
    assert asked.status_code == 409
    carried = hidden(asked.text)
    reason = {"decision": "same_meaning", "reason": "a faithful translation"}
    assert builder.post("/surveys/order-nps", **carried, **reason).status_code == 303
    published = surveys.version(session, company.workspace_id, "order-nps", 2)
    assert published.template.questions[0].wording["it"].status == "back_translation_pending"
    assert len(series(session, company)) == 1


def test_hostile_xml_is_refused_on_the_page(builder: Any) -> None:
    body = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    answer = builder.post("/surveys/order-nps/translation", file=(io.BytesIO(body), "x.xlf"))
    assert (answer.status_code, "DOCTYPE" in answer.text) == (422, True)


def test_a_member_may_look_but_not_touch(signed_in: Any) -> None:
    member = signed_in("member")
    for path in ("/surveys", "/surveys/order-nps", "/surveys/order-nps/preview", "/surveys/order-nps/qr"):
        assert member.get(path).status_code == 200
    token = re.search(r'name="csrf" value="([^"]+)"', member.get("/surveys").text)
    assert token
    paths = (
        "/surveys",
        "/surveys/order-nps",
        "/surveys/order-nps/state",
        "/surveys/templates",
        "/surveys/order-nps/qr",
    )
    for path in paths:
        answer = member.client.post(path, data={"csrf": token[1]}, headers={"Accept": "text/html"})
        assert answer.status_code == 403


def test_a_form_without_its_token_changes_nothing(builder: Any) -> None:
    for path in (
        "/surveys",
        "/surveys/order-nps",
        "/surveys/order-nps/state",
        "/surveys/order-nps/translation",
    ):
        assert builder.client.post(path, data={"state": "closed"}).status_code == 403


def test_strangers_are_led_to_sign_in(client: Any, company: Any) -> None:
    assert client.get("/surveys").headers["Location"].startswith("/sign-in")


def test_an_empty_workspace_is_led_by_the_hand(
    client: Any, signed_in: Any, session: Session, company: Any
) -> None:
    from sqlalchemy import text

    builder = signed_in("administrator")
    for table in ("survey_version", "metric_series", "survey"):
        session.execute(text(f"delete from {table}"))
    session.commit()
    assert "Nothing is asked yet" in builder.get("/surveys").text
