"""What customers say of each page: volunteered answers, summed up by the address they were given on."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, surveys
from collector.surveys.schemas import SurveysIn

Headers = dict[str, dict[str, str]]
Give = Callable[..., None]
CLEAR = {"key": "invoice-clear", "template": "clear", "touchpoint": "unasked"}


@pytest.fixture
def give(client: FlaskClient, session: Session, company: Any, keys: Headers, time: clock.FixedClock) -> Give:
    """``give("/help/invoice", 1, 1, 0)``: so many visitors of a page say whether it was clear."""
    entries = SurveysIn().load({"surveys": [CLEAR]})["surveys"]
    surveys.apply(session, company.workspace_id, entries, "tests", time())
    session.commit()
    key = keys["publishable"]["Authorization"].removeprefix("Bearer ")

    def call(url: str | None, *scores: int) -> None:
        for score in scores:
            shown = client.get("/w/v1/survey", query_string={"key": key, "touchpoint": "unasked"})
            assert shown.json["questions"][0]["kind"] == "thumbs"
            body = {
                "token": shown.json["token"],
                "response_id": str(uuid.uuid4()),
                "answers": {"score": score},
            }
            context = {"context": {"url": url}} if url else {}
            assert client.post("/w/v1/responses", json=body | context).status_code == 201

    return call


@pytest.fixture
def report(client: FlaskClient, keys: Headers) -> Callable[..., list[dict[str, str]]]:
    """The report's rows as somebody reads them out of the file."""

    def call(**query: str) -> list[dict[str, str]]:
        got = client.get("/api/v1/exports/pages.csv", query_string=query, headers=keys["read"])
        assert got.status_code == 200, got.text
        return list(csv.DictReader(io.StringIO(got.text)))

    return call


def test_req_118_each_page_has_its_share_of_who_found_it_clear(give: Give, report: Any) -> None:
    give("/help/invoice", 1, 1, 1, 1, 0)
    give("/help/router", 0, 0, 0, 0, 1, 0)
    router, invoice = report()
    assert (router["page"], router["n"], round(float(router["score"]), 1)) == ("/help/router", "6", 16.7)
    assert (invoice["page"], invoice["n"], invoice["score"]) == ("/help/invoice", "5", "80.0")
    assert (invoice["metric"], invoice["source"], invoice["low_base"]) == ("clear", "volunteered", "true")
    assert float(invoice["low"]) < 80 < float(invoice["high"])


def test_pages_of_a_few_people_stand_together_without_their_address(give: Give, report: Any) -> None:
    give("/help/invoice", 1, 1, 1, 1, 1)
    give("/orders/4711", 0)
    give("/orders/4712", 1, 1)
    assert [(row["page"], row["n"]) for row in report()] == [("/help/invoice", "5"), ("", "3")]


def test_the_report_is_narrowed_and_knows_only_answers_with_an_address(give: Give, report: Any) -> None:
    give(None, 1, 1, 1, 1, 1)
    assert report() == []
    give("/help/invoice", 1, 1, 1, 1, 1)
    assert len(report(touchpoint="unasked")) == 1
    assert report(touchpoint="installed") == []
    assert report(to="2026-11-01") == []


def test_an_address_is_harmless_in_a_spreadsheet(give: Give, report: Any) -> None:
    give("=HYPERLINK(1)", 1, 1, 1, 1, 1)
    assert report()[0]["page"] == "'=HYPERLINK(1)"
