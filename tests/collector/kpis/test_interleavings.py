"""Several collectors at once: figures equal a naive recount, nothing ends as 500, and what is damaged is mended by night."""

from __future__ import annotations

from typing import Any

import interleavings
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from collector import clock
from collector.kpis import checking, rollups
from collector.kpis.models import Rollup


@pytest.mark.parametrize("processes", [pytest.param(1, id="sqlite"), pytest.param(2, id="postgresql")])
def test_whatever_happens_at_once_figures_equal_a_recount(
    processes: int, request: pytest.FixtureRequest
) -> None:
    """``make simulate`` plays 1,000 sequences on SQLite and 300 on PostgreSQL."""
    url = request.getfixturevalue("sqlite_url" if processes == 1 else "postgresql_url")
    assert interleavings.run(url, sequences=2, processes=processes) == []


def test_a_damaged_cell_is_no_error_and_mended_by_night(
    client: FlaskClient,
    keys: dict[str, Any],
    session: Session,
    company: Any,
    time: clock.FixedClock,
) -> None:
    items = [
        {"touchpoint": "order-confirmed", "transaction": str(n), "answers": {"score": 9 + n % 2}}
        for n in range(10)
    ]
    client.post("/api/v1/responses", json={"responses": items}, headers=keys["server"])
    rollups.count(session, time())
    session.execute(update(Rollup).where(Rollup.score == 9).values(n=-3))
    session.commit()
    assert n_of(client, keys) == 5
    assert client.get("/api/v1/verdicts", headers=keys["read"]).status_code == 200
    with capture_logs() as logged:
        assert checking.check(session, time()) == 1
        session.commit()
        assert checking.check(session, time()) == 0
    assert [line["event"] for line in logged] == ["rollup_mended"]
    assert logged[0]["answers"] == 8
    assert n_of(client, keys) == 10


def n_of(client: FlaskClient, keys: dict[str, Any]) -> int:
    query = {"metric": "nps", "touchpoint": "order-confirmed"}
    got = client.get("/api/v1/kpis", query_string=query, headers=keys["read"])
    assert got.status_code == 200, got.json
    return sum(point["n"] for line in got.json["series"] for point in line["points"])
