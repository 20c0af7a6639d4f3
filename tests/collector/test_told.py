"""Who reads German reads no English sentence, whatever they type into a form."""

from __future__ import annotations

import html
import itertools
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from forms import FORMS, MEANT
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.locale import Speaker
from collector.told import Sentences

ENGLISH = re.compile(
    r"\b(must|there|is|are|not|cannot|does|needs|missing|invalid|required|longer|shorter|unknown|the|of|and|or|expected"
    r"|only|with|such|already|has|your|this|too|than|between|please|while|could|here)\b",
    re.IGNORECASE,
)
ODD = (
    "",
    "gossip",
    "-1",
    "9" * 30,
    "x" * 5000,
    "{a",
    "- a\n- b: :",
    "a: *b",
    "2026-13-45",
    "http://",
    "a@",
    "{{7}}",
)
"""What fits hardly any field; the policy's YAML among them."""
WRONG: list[tuple[str, dict[str, str]]] = [
    ("/policy", {"all_surveys.after_answer": "many", "sample": "x", "do": "save"}),
    ("/policy", {"budget.asks": "2", "budget.days": "30", "budget.reserved": "99", "sample": "100", "do": "save"}),
    ("/policy", {"quiet_hours.from": "25:00", "quiet_hours.to": "7", "sample": "900", "do": "save"}),
    ("/journeys/first-order/edit/asking", {"mode": "spread", "share.confirmed": "-1", "share.visit": "x"}),
    ("/journeys/first-order/edit/asking", {"mode": "spread", "share.confirmed": "0", "share.visit": "0"}),
    ("/surveys", {"template": "gossip", "touchpoint": "nowhere", "subject": "x" * 200, "key": "?"}),
    ("/surveys", {"template": "csat", "touchpoint": "nowhere", "subject": "us"}),
    ("/surveys", {"template": "csat", "touchpoint": "installed", "subject": "us", "key": "order-nps"}),
    ("/surveys/order-nps", {"base": "1", "locale": "en", "from": "odd", "to": "odd", "quota": "-3", "policy": "[1"}),
    ("/surveys/order-nps", {"base": "1", "locale": "en", "policy": "{gossip: 1}", "subject": "x" * 200}),
    ("/surveys/order-nps", {"base": "1", "locale": "no such", "text.questions.score.text": "x"}),
    ("/surveys/order-nps", {"base": "9", "locale": "en"}),
    ("/surveys/order-nps/state", {"state": "gossip"}),
    ("/company", {"name": "", "logo_url": "ftp://x", "locale": "xx", "timezone": "Moon", "figures": "x"}),
    ("/retention", {"keep_answers": "9", "keep_comments": "9", "keep_record": "x"}),
    ("/answers/held", {"touchpoint": "installed", "do": "gossip"}),
]  # fmt: skip


@pytest.fixture
def german(client: FlaskClient, session: Session, company: Any, time: clock.FixedClock) -> FlaskClient:
    """An administrator's browser that prefers German."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    workspaces.add_person(
        session, company.workspace_id, "a@example.com", "Ann", "a long password", time(), "administrator"
    )
    session.commit()
    form = {"csrf": token(client), "email": "a@example.com", "password": "a long password"}
    assert client.post("/sign-in", data=form).status_code == 303
    return client


def token(client: FlaskClient, address: str = "/sign-in") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


def told(page: str) -> str:
    """What a page tells of what is wrong, without code: its alerts; of an error's page, all of it."""
    alerts = re.findall(r'<(\w+)[^>]*role="alert"[^>]*>(.*?)</\1>', page, re.DOTALL)
    parts = [text for _, text in alerts] or re.findall(r'<main class="solo".*?</main>', page, re.DOTALL)
    text = re.sub(r"<code.*?</code>", "", " ".join(parts), flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def test_no_field_of_any_form_is_told_in_english(german: FlaskClient, engine: Engine) -> None:
    """Each field gets one odd value, another one each time and on each database; ``forms`` holds every form there is."""
    csrf, found = token(german, "/policy"), []
    turn = itertools.count(engine.dialect.name == "postgresql")
    for address, names in FORMS.items():
        for name in names:
            form = {**{each: MEANT.get(each, "x") for each in names}, name: ODD[next(turn) % len(ODD)]}
            page = german.post(address, data={**form, "csrf": csrf})
            said = told(page.text) if page.status_code >= 400 else ""
            if ENGLISH.search(said):
                found.append((address, name, form[name][:20], " ".join(said.split())))
    assert found == []


def test_no_form_tells_a_german_reader_an_english_sentence(german: FlaskClient) -> None:
    csrf, found = token(german, "/policy"), []
    for address, form in WRONG:
        page = german.post(address, data={"csrf": csrf, **form})
        assert page.status_code in {404, 409, 412, 422}, (address, form, page.status_code)
        said = told(page.text)
        assert said.strip(), (address, form)
        if ENGLISH.search(said):
            found.append((address, " ".join(said.split())))
    assert found == []


def test_the_rule_behind_a_decision_is_told_in_german(german: FlaskClient, trigger: Any) -> None:
    trigger(customer="ada", transaction="t-1", journey_instance="w-1")
    trigger(customer="ada", transaction="t-2", journey_instance="w-2")
    page = german.get("/why").text
    assert "Umfragen warten" in page or "Umfrage wartet" in page
    assert "days (" not in page


def test_a_sentence_is_found_again_with_its_values() -> None:
    said = Sentences({"There is no %(noun)s called %(key)s.": "Es gibt kein %(noun)s namens %(key)s."})
    assert said.say("There is no journey called 'x'.") == "Es gibt kein journey namens 'x'."
    assert said.say("Nobody knows this.") == "Nobody knows this."


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("this step is drawn for 50% of the ways", "dieser Schritt wird für 50% der Wege gezogen"),
        ("Must be one of: a, b.", "Muss eines davon sein: a, b."),
        ("The period does not fit: days must be a day.", "Der Zeitraum passt nicht: days muss ein Tag sein."),
        (
            "policy:2:6: this is not YAML: mapping values are not allowed here",
            "policy:2:6: das ist kein YAML; sehen Sie nach Klammern, Doppelpunkten, Anführungszeichen und Einzügen",
        ),
        (
            "at most 3 asks in 30 days, 1 of them kept for reserved surveys",
            "höchstens 3 Fragen in 30 Tagen, davon 1 für seltene Umfragen zurückgelegt",
        ),
    ],
)
def test_what_is_shown_is_said_in_the_reader_s_language(english: str, german: str) -> None:
    assert Speaker("de").told(english) == german
    assert Speaker("en").told(english) == english
