"""Every page of the dashboard answers, in both languages, to those who are signed in and to nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

import collector
from collector import clock, journeys

PAGES = {
    "/journeys": ("Journeys", "Zuerst die, die bei einer Übergabe am meisten verlieren"),
    "/journeys/first-order": ("Of the handovers, the one from", "Von den Übergaben fällt die von"),
    "/wall/first-order": ("Leave the wall screen", "Wandbildschirm verlassen"),
    "/journeys/first-order/share": ("Make a link", "Link erstellen"),
    "/touchpoints": ("first what is worse than the rest", "zuerst, was sicher schlechter ist"),
    "/touchpoints/installed": ("Distribution", "Verteilung"),
    "/touchpoints/advert": ("No answers in this period", "Keine Antworten in diesem Zeitraum"),
    "/touchpoints/installed/share": ("Embed as a dashlet", "Als Dashlet einbetten"),
    "/owners": ("Who owns what", "Wer wofür zuständig ist"),
    "/owners/operations": ("Their touchpoints", "Ihre Touchpoints"),
    "/owners/billing": ("owns no touchpoint yet", "ist noch für keinen Touchpoint zuständig"),
    "/insights": ("No insight yet", "Noch kein Insight"),
    "/insights/new": ("Note a thought", "Gedanken notieren"),
    "/unassigned": ("Everything has its place", "Alles hat seinen Platz"),
    "/definitions": ("Net Promoter Score", "Was jede Zahl bedeutet"),
    "/dashlets/installed": ("Technician", "95-%-Konfidenzintervall"),
}


def test_every_page_answers_in_english_and_in_german(manager: FlaskClient) -> None:
    for path, (english, german) in PAGES.items():
        for language, words in (("en", english), ("de", german)):
            answer = manager.get(f"{path}?lang={language}", headers={"Accept": "text/html"})
            assert answer.status_code == 200, path
            assert words in answer.text, (path, language)
            assert f'<html lang="{language}"' in answer.text


def test_each_link_to_a_definition_finds_it(manager: FlaskClient) -> None:
    there = set(re.findall(r' id="([a-z_-]+)"', manager.get("/definitions").text))
    templates = [path.read_text("utf-8") for path in Path(collector.__path__[0]).rglob("*.html")]
    meant = {name for text in templates for name in re.findall(r'"/definitions#([a-z_-]+)"', text)}
    assert {"interval", "verdict", "handover", "five", "signal"} <= meant
    assert meant <= there, meant - there


def test_nobody_sees_a_page_without_signing_in(app: Flask) -> None:
    for path in PAGES:
        answer = app.test_client().get(path)
        assert answer.status_code in {302, 303}, path
        assert answer.location.startswith("/sign-in?next="), path


def test_what_is_not_there_is_not_found(manager: FlaskClient) -> None:
    for path in ("/journeys/x", "/touchpoints/x", "/owners/x", "/wall/x", "/dashlets/x", "/journeys/x/share"):
        answer = manager.get(path)
        assert answer.status_code == 404, path
        assert "There is nothing here" in answer.text, path


def test_another_workspaces_journey_is_not_found(
    manager: FlaskClient, session: Session, time: clock.FixedClock, seed: Any
) -> None:
    other = seed.workspaces.create(session, "Other", time())
    document = {"touchpoints": [{"key": "theirs", "name": "Theirs", "channel": "web"}]}
    journeys.apply(session, other.workspace_id, document, "test", time())
    session.commit()
    assert manager.get("/touchpoints/theirs").status_code == 404
    assert "Theirs" not in manager.get("/touchpoints").text


def test_an_absurd_period_is_a_clear_page_and_no_crash(manager: FlaskClient) -> None:
    for query in ("days=0", "from=2026-02-31", "from=2026-10-10&to=2026-10-01", "days=%00"):
        assert manager.get(f"/journeys/first-order?{query}").status_code in {400, 422}, query


def test_words_in_the_address_stay_words(manager: FlaskClient) -> None:
    for path in ("/journeys", "/touchpoints", "/touchpoints/installed"):
        answer = manager.get(f"{path}?q=%3Cscript%3Ealert(1)%3C/script%3E")
        assert "<script>alert" not in answer.text


def test_an_empty_workspace_is_led_by_the_hand(
    session: Session,
    workspace: Any,
    seed: Any,
    time: clock.FixedClock,
    signed_in: Callable[[str], FlaskClient],
) -> None:
    seed.people(session, workspace, time())
    session.commit()
    board = signed_in("manager@example.com").get("/journeys")
    assert "Draw the first journey" in board.text
    assert "afterword journeys apply" in board.text


def test_req_046_touchpoints_without_an_owner_are_listed(manager: FlaskClient) -> None:
    text = manager.get("/owners").text
    notice = text[text.index("has no owner") : text.index('class="cards"')]
    assert "First bill" in notice
    assert "Advertisement" not in notice


def test_req_050_the_board_shows_the_journeys_of_an_owner(manager: FlaskClient) -> None:
    assert "First order" in manager.get("/journeys?owner=sales").text
    assert "No journey fits" in manager.get("/journeys?owner=billing").text


def test_req_085_the_matrix_tells_value_interval_and_n_of_each_pair(manager: FlaskClient) -> None:
    text = " ".join(manager.get("/owners").text.split())
    cell = text[text.index('class="table matrix"') :]
    assert "NPS" in cell
    assert " to " in cell
    assert "n " in cell


def test_req_089_the_report_states_period_n_and_interval(manager: FlaskClient) -> None:
    text = manager.get("/journeys/first-order?from=2026-10-04&to=2026-11-02").text
    assert "Oct 4, 2026 – Nov 2, 2026" in text
    assert "/static/print.css" in text


def test_a_journeys_response_rate_names_those_it_is_made_of(manager: FlaskClient) -> None:
    """Answers about the whole journey are among its answers and not in its rate: so the rate has both its numbers."""
    text = manager.get("/journeys/first-order").text
    found = re.search(
        r"<dd>(\d+) %<small>([\d,]+) of ([\d,]+) who were asked at its touchpoints</small>", text
    )
    assert found is not None
    rate, answered, asked = (int(each.replace(",", "")) for each in found.groups())
    assert rate == round(100 * answered / asked)


def test_req_095_each_cell_of_the_map_has_its_headers(manager: FlaskClient) -> None:
    text = manager.get("/journeys/first-order").text
    table = text[text.index('class="map"') : text.index('class="steps"')]
    assert table.count('scope="col"') == 10
    assert table.count('scope="colgroup"') == 4
    for lane in ("Phase", "Step", "Emotion", "Measured", "Owner", "Channel", "Systems", "Expected"):
        assert f'<th scope="row">{lane}</th>' in table


def test_pages_carry_no_inline_style_or_handler(manager: FlaskClient) -> None:
    for path in PAGES:
        text = manager.get(path).text
        assert " style=" not in text, path
        assert " onclick=" not in text, path


def test_req_094_the_map_is_a_file_that_needs_nothing_else(manager: FlaskClient) -> None:
    answer = manager.get("/journeys/first-order/map.svg")
    assert answer.mimetype == "image/svg+xml"
    assert ">I get my<" in answer.text
    assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", "")


def test_more_journeys_cost_no_more_statements(
    manager: FlaskClient, session: Session, company: Any, engine: Engine, time: clock.FixedClock
) -> None:
    statements: list[str] = []

    def count() -> int:
        statements.clear()
        assert manager.get("/journeys").status_code == 200
        return len(statements)

    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    one = count()
    steps = [{"key": key, "name": key, "touchpoint": key} for key in ("installed", "hotline")]
    many = [
        {
            "key": f"journey-{number}",
            "name": f"Journey {number}",
            "definition": "d",
            "customer_goal": "c",
            "business_goal": "b",
            "phases": [{"name": "Phase", "steps": steps}],
        }
        for number in range(40)
    ]
    journeys.apply(session, company.workspace_id, {"journeys": many}, "test", time())
    session.commit()
    assert count() == one
