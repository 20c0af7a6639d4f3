"""One row at a time: what becomes of it, by the mapping alone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.exchange import mapping
from collector.exchange.converting import Answer, Converter, Known, Refusal
from collector.exchange.reading import Row

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
KNOWN = Known(frozenset({"ward"}), {"stay": 1}, frozenset({"patient"}), frozenset({"web", "letter"}))
BASE = "name: cards\nmetric: {metric}\nid: id\ntouchpoint: {{column: place}}\noccurred_at: {{column: at{time}}}\n"
GOOD = {"id": "1", "place": "ward", "score": "5", "text": "Calm", "at": "2026-10-01"}
BOTH = "score: {column: score}\ncomment: {column: text}\n"


def convert(
    columns: dict[str, str], more: str = BOTH, metric: str = "csat", time: str = ""
) -> Answer | Refusal:
    """What becomes of the good row with these columns changed."""
    converter = Converter(read_mapping(BASE.format(metric=metric, time=time) + more), KNOWN, NOW)
    return converter.convert(Row(2, {**GOOD, **columns}))


@cache
def read_mapping(text: str) -> mapping.ResponseMapping:
    """The mapping of a text."""
    return mapping.load(text, "m.yaml").mapping


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": ""}, "no_id"),
        ({"at": ""}, "no_date"),
        ({"at": "01.10.2026"}, "bad_date"),
        ({"at": "2026-13-01"}, "bad_date"),
        ({"at": "9999-12-31"}, "date_out_of_range"),
        ({"at": "1970-01-01"}, "date_out_of_range"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "bad_date"),
        ({"score": "6"}, "score_out_of_scale"),
        ({"score": "0"}, "score_out_of_scale"),
        ({"score": "four"}, "unknown_score"),
        ({"score": "4.5"}, "unknown_score"),
        ({"score": "NaN"}, "unknown_score"),
        ({"score": "9" * 30}, "unknown_score"),
        ({"score": "1e1"}, "unknown_score"),
        ({"text": "x" * 20_001}, "comment_too_long"),
        ({"score": "", "text": ""}, "empty"),
        ({"score": ""}, "no_score"),
        ({"place": "porch"}, "unmapped_touchpoint"),
    ],
)
def test_a_row_that_does_not_fit_says_why(columns: dict[str, str], reason: str) -> None:
    found = convert(columns)
    assert isinstance(found, Refusal)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("more", "metric", "written", "score"),
    [
        ("score: {column: score, scale: [1, 5], reversed: true}", "csat", "1", 5),
        ("score: {column: score, scale: [0, 4]}", "csat", "0", 1),
        ("score: {column: score, reversed: true}", "nps", "10", 0),
        ("score: {column: score}", "nps", "10.0", 10),
        ("score: {column: score}", "csat", "٤", 4),
        ("score: {column: score}", "emotion", "-2", -2),
        ("score: {column: score, values: {happy: 5, '': null}}", "csat", "happy", 5),
        ("score: {column: score, values: {Ja: yes, Nein: no}}", "goal", "Ja", 2),
        ("score: {column: score}", "goal", "partly", 1),
        ("score: {column: score, values: {thumbs up: 1}}", "helpful", "thumbs up", 1),
    ],
)
def test_a_score_is_turned_into_the_metrics_own(more: str, metric: str, written: str, score: int) -> None:
    found = convert({"score": written}, more + "\n", metric)
    assert isinstance(found, Answer)
    assert found.score == score


@pytest.mark.parametrize(
    ("time", "written", "expected"),
    [
        ("", "2026-10-01", datetime(2026, 10, 1, 12, tzinfo=UTC)),
        ("", "2026-10-01T08:00:00+02:00", datetime(2026, 10, 1, 6, tzinfo=UTC)),
        ("", "2026-10-01 23:30", datetime(2026, 10, 1, 23, 30, tzinfo=UTC)),
        (", timezone: Europe/Berlin", "2026-10-01 00:30", datetime(2026, 9, 30, 22, 30, tzinfo=UTC)),
        (', format: "%d/%m/%Y", timezone: Europe/London', "01/07/2026", datetime(2026, 7, 1, 11, tzinfo=UTC)),
        (', format: "%d.%m.%y %H:%M"', "01.07.26 18:05", datetime(2026, 7, 1, 18, 5, tzinfo=UTC)),
        (', format: ["%d/%m/%Y", "%m/%d/%Y"]', "07/31/2026", datetime(2026, 7, 31, 12, tzinfo=UTC)),
        (', format: ["%d/%m/%Y", "%m/%d/%Y"]', "07/08/2026", datetime(2026, 8, 7, 12, tzinfo=UTC)),
        (", format: unix", "1790000000", datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_its_form_and_zone(time: str, written: str, expected: datetime) -> None:
    found = convert({"at": written}, time=time)
    assert isinstance(found, Answer)
    assert found.occurred_at == expected


def test_rows_without_a_score_can_be_kept_for_their_words() -> None:
    found = convert({"score": ""}, "score: {column: score, without: keep}\ncomment: {column: text}\n")
    assert isinstance(found, Answer)
    assert (found.score, found.comment) == (None, "Calm")


def test_words_that_say_nothing_are_no_comment() -> None:
    found = convert({"text": " N/A "}, "score: {column: score}\ncomment: {column: text, missing: [N/A]}\n")
    assert isinstance(found, Answer)
    assert found.comment is None


def test_an_unknown_persona_is_quarantined_not_lost() -> None:
    found = convert({"who": "Alien"}, BOTH + "persona: {column: who}\n")
    assert isinstance(found, Refusal)
    assert (found.reason, found.quarantine, found.value) == ("unknown_persona", True, "Alien")


def test_a_column_is_translated_and_a_constant_stands_for_all() -> None:
    more = BOTH + "channel: {column: via, values: {post: letter}}\nlocale: {constant: en-GB}\n"
    found = convert({"via": "post"}, more)
    assert isinstance(found, Answer)
    assert found.fields == {"channel": "letter", "locale": "en-GB"}


@settings(deadline=None)
@given(st.fixed_dictionaries({name: st.text(max_size=40) for name in GOOD}))
def test_whatever_a_row_holds_it_becomes_an_answer_or_a_refusal(columns: dict[str, str]) -> None:
    found = convert(columns)
    if isinstance(found, Answer):
        assert found.score in range(1, 6)
    else:
        assert found.reason
