"""The search of comments: words in any inflection, in German and English, whatever the database knows of umlauts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import clock, responses
from collector.responses import Response
from collector.responses.stemming import stems
from collector.surveys import MetricSeries

SAID = {
    "de": (
        "Die Rechnungen kamen viel zu spät.",
        "Der Techniker hat unsere Häuser nicht gefunden.",
        "Über die Verspätungen wurde nie informiert.",
        "Auf der STRASSE stand ein Schild.",
    ),
    "en": ("I was charged twice.", "Two technicians, three visits.", "They kept me waiting for hours"),
    "fr": ("Les factures sont chères.",),
}


@pytest.fixture
def said(session: Session, workspace: Any, time: clock.FixedClock) -> Any:
    """A workspace in which customers wrote the comments above."""
    series = MetricSeries(workspace_id=workspace.workspace_id, series_id=clock.new_id(), survey="s", metric="nps",
                          fingerprint="0" * 64, started_at=time())  # fmt: skip
    session.add(series)
    session.flush()
    for locale, texts in SAID.items():
        for text in texts:
            session.add(
                Response(
                    workspace_id=workspace.workspace_id, response_id=clock.new_id(), touchpoint="t", survey="s",
                    survey_version=1, series_id=series.series_id, metric="nps", score=3, locale=locale, comment=text,
                    comment_stems=stems(text, locale), occurred_at=time(), day=time().date(), received_at=time(),
                    updated_at=time(),
                )
            )  # fmt: skip
    session.flush()
    return workspace


@pytest.fixture
def search(session: Session, said: Any, time: clock.FixedClock) -> Any:
    today = time().date()

    def find(words: str) -> set[str | None]:
        wanted = responses.Wanted(today - timedelta(days=1), today, search=words)
        return {row.comment for row in responses.comments(session, said.workspace_id, wanted, 50)}

    return find


@pytest.mark.parametrize("words", ["Rechnung", "rechnungen", "RECHNUNG"])
def test_req_074_search_finds_inflected_german_words(search: Any, words: str) -> None:
    assert search(words) == {"Die Rechnungen kamen viel zu spät."}


@pytest.mark.parametrize(
    ("words", "found"), [("charge", 0), ("charging", 0), ("technician", 1), ("visit", 1), ("wait hour", 2)]
)
def test_req_074_search_finds_inflected_english_words(search: Any, words: str, found: int) -> None:
    assert search(words) == {SAID["en"][found]}


@pytest.mark.parametrize(
    ("words", "found"),
    [("haus", 1), ("HÄUSER", 1), ("über", 2), ("Verspätung", 2), ("straße", 3), ("Strassen", 3)],
)
def test_umlauts_and_capitals_are_folded(search: Any, words: str, found: int) -> None:
    assert search(words) == {SAID["de"][found]}


def test_all_words_must_occur_in_any_order(search: Any) -> None:
    assert search("Häuser Techniker") == {SAID["de"][1]}
    assert search("Häuser Rechnung") == set()


def test_a_word_is_not_found_inside_another(search: Any) -> None:
    assert search("harg") == set()


def test_an_unknown_language_is_searched_as_it_is_written(search: Any) -> None:
    assert search("FACTURES") == {SAID["fr"][0]}


@pytest.mark.parametrize("words", ["%", "_", "%%", "\\", "'", ""])
def test_signs_that_are_no_words_narrow_nothing(search: Any, words: str) -> None:
    assert len(search(words)) == 8


@pytest.mark.parametrize("words", ["%harge%", "c_arged", "charged%' OR '1'='1"])
def test_signs_of_the_databases_are_no_wildcards(search: Any, words: str) -> None:
    assert search(words) == set()
