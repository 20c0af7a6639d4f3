"""A source's series goes on from file to file; where one begins, or ends another, the report says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, journeys
from collector.responses import Response

HEADER = "id,place,score,text,at\n"
MAPPING = """\
name: cards
metric: csat
id: id
touchpoint: {column: place}
score: {column: score}
occurred_at: {column: at}
"""
CLINIC: dict[str, Any] = {
    "touchpoints": [
        {"key": "ward", "name": "Ward", "channel": "in_person"},
        {"key": "helpline", "name": "Helpline", "channel": "phone"},
    ]
}
Import = Callable[..., dict[str, Any]]


@pytest.fixture
def import_row(import_text: Callable[..., Any]) -> Import:
    """``import_row("2,ward,5,,2026-10-01", mapping)`` gives the report."""

    def call(row: str, mapping: str = MAPPING) -> dict[str, Any]:
        done = import_text(HEADER + row + "\n", mapping, as_json=True)
        assert done.code == 0, done.err
        return dict(json.loads(done.out))

    return call


@pytest.fixture
def apply(session: Session, clinic: Any, time: clock.FixedClock) -> Callable[..., None]:
    """``apply(ward={"name": "Ward 3"})``: other words for touchpoints of the clinic."""

    def call(**changes: dict[str, Any]) -> None:
        document = copy.deepcopy(CLINIC)
        for touchpoint in document["touchpoints"]:
            touchpoint |= changes.get(touchpoint["key"], {})
        journeys.apply(session, clinic.workspace_id, document, "tests", time())
        session.commit()

    return call


def series_of(session: Session) -> list[Any]:
    session.rollback()
    return list(session.scalars(select(Response.series_id).distinct()))


def test_the_first_import_names_the_series_it_begins(import_row: Import) -> None:
    assert import_row("1,ward,5,,2026-10-01")["new_series"] == {"cards.ward": []}
    assert import_row("2,ward,4,,2026-10-02")["new_series"] == {}


def test_a_touchpoint_with_another_name_keeps_its_series(
    import_row: Import, apply: Callable[..., None], session: Session
) -> None:
    import_row("1,ward,5,,2026-10-01")
    apply(ward={"name": "Ward 3 (new building)"})
    assert import_row("2,ward,4,,2026-10-02")["new_series"] == {}
    assert len(series_of(session)) == 1


def test_another_key_is_another_place_and_the_report_says_so(import_row: Import, session: Session) -> None:
    import_row("1,ward,5,,2026-10-01")
    moved = MAPPING.replace("{column: place}", "{column: place, values: {ward: helpline}}")
    assert import_row("2,ward,4,,2026-10-02", moved)["new_series"] == {"cards.helpline": []}
    assert len(series_of(session)) == 2


@pytest.mark.parametrize(
    ("mapping", "broken_by"),
    [
        (MAPPING + "subject: the nurses\n", ["subject"]),
        (MAPPING.replace("csat", "ces"), ["kind", "scale"]),
    ],
    ids=["subject", "metric"],
)
def test_a_mapping_that_says_something_else_ends_the_series_in_plain_sight(
    import_row: Import, session: Session, mapping: str, broken_by: list[str]
) -> None:
    import_row("1,ward,5,,2026-10-01")
    assert set(broken_by) <= set(import_row("2,ward,4,,2026-10-02", mapping)["new_series"]["cards.ward"])
    assert len(series_of(session)) == 2
    assert import_row("3,ward,4,,2026-10-03", mapping)["new_series"] == {}


def test_a_subject_once_given_need_not_be_given_again(import_row: Import, session: Session) -> None:
    import_row("1,ward,5,,2026-10-01", MAPPING + "subject: the nurses\n")
    assert import_row("2,ward,4,,2026-10-02")["new_series"] == {}
    assert len(series_of(session)) == 1


def test_people_read_it_too(import_text: Callable[..., Any]) -> None:
    first = import_text(HEADER + "1,ward,5,,2026-10-01\n", MAPPING)
    assert "new series cards.ward: the first answers of this source at this touchpoint" in first.out
    other = import_text(HEADER + "2,ward,5,,2026-10-01\n", MAPPING + "subject: the nurses\n")
    assert "new series cards.ward: not comparable with the one before it (other subject)" in other.out
