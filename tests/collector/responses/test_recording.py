"""One hand makes response rows: whatever way an answer comes in, it is masked, has its day and what it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.exchange import actions as exchange
from collector.exchange import mapping
from collector.responses import Response, columns, content_of

Headers = dict[str, dict[str, str]]
Take = Callable[[], object]
TYPED, MASKED = "Call 0171 1234567 or me@example.org", "Call [tel] or [@]"
MAPPING = """\
name: cards
metric: csat
id: id
touchpoint: {constant: order-confirmed}
journey: {constant: first-order}
score: {column: score}
comment: {column: text}
occurred_at: {column: at}
respondent: {column: who}
"""


@pytest.fixture
def ways(
    client: FlaskClient, keys: Headers, trigger: Any, answer: Any, session: Session, workspace: Any, time: Any, tmp_path: Path
) -> dict[str, Take]:  # fmt: skip
    """Way in -> a call that takes one answer with ``TYPED`` as its comment."""

    def submitted() -> None:
        answer(trigger(transaction="order-1")["invitation"]["token"], score=3, comment=TYPED)

    def elsewhere() -> None:
        item = {"touchpoint": "order-confirmed", "answers": {"score": 3, "comment": TYPED}}
        client.post("/api/v1/responses", json={"responses": [item]}, headers=keys["server"])

    def imported() -> None:
        file = mapping.load(MAPPING, "cards.yaml")
        (tmp_path / "cards.csv").write_text(f"id,score,text,at,who\n1,3,{TYPED},2026-11-01,staff\n")
        list(exchange.import_responses(session, workspace, tmp_path / "cards.csv", file, "test", time()))
        session.commit()

    return {"submitted": submitted, "elsewhere": elsewhere, "imported": imported}


@pytest.mark.parametrize("way", ["submitted", "elsewhere", "imported"])
@pytest.mark.parametrize("masked", [True, False])
def test_every_way_in_masks_where_the_workspace_wants_it(
    way: str, masked: bool, ways: dict[str, Take], client: FlaskClient, keys: Headers, session: Session
) -> None:
    if not masked:
        client.put("/api/v1/policy", json={"mask_comments": False}, headers=keys["admin"])
    ways[way]()
    row = session.scalars(select(Response)).one()
    assert row.comment == row.answers["comment"] == (MASKED if masked else TYPED)
    assert (row.journey, row.journey_version, row.day) == ("first-order", 1, row.occurred_at.date())


def test_employees_have_one_name_whatever_a_file_calls_them(ways: dict[str, Take], session: Session) -> None:
    ways["imported"]()
    assert session.scalars(select(Response.respondent)).one() == "employee"


def test_the_day_is_that_of_the_answer_in_the_zone() -> None:
    place = dict.fromkeys(
        ["workspace_id", "response_id", "touchpoint", "survey", "survey_version", "series_id", "metric"]
    )
    late = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=5)))
    now = datetime(2026, 3, 4, tzinfo=UTC)
    content = content_of({"score": 3}, 3, "en", True, now)
    row = columns(place, content, late, now, "UTC")
    there = columns(place, content, late, now, "Pacific/Auckland")
    assert there["day"].isoformat() == "2026-03-01", "09:30 on the first of March"
    assert (row["day"].isoformat(), row["source"], row["probability"]) == ("2026-02-28", "solicited", 1.0)
    assert row.keys() == {column.name for column in Response.__table__.columns}
    with pytest.raises(TypeError, match="tuchpoint"):
        columns({**place, "tuchpoint": "x"}, {}, late, now, "UTC")
