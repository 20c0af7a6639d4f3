"""A flood of feedback that nobody asked for stops at its touchpoint, from however many addresses it comes."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.responses import Response


def test_a_flood_at_one_touchpoint_waits_and_the_others_go_on(
    client: FlaskClient,
    session: Session,
    company: workspaces.Workspace,
    answer: Any,
    trigger: Any,
    time: clock.FixedClock,
) -> None:
    key = workspaces.mint_key(session, company, "publishable", "site", time()).text
    session.commit()

    def volunteer(touchpoint: str) -> Any:
        form = client.get("/w/v1/survey", query_string={"key": key, "touchpoint": touchpoint}).json
        return answer(form["token"], score=1)

    most = workspaces.FEEDBACK.burst
    assert {volunteer("order-confirmed").status_code for _ in range(most)} == {201}
    refused = volunteer("order-confirmed")
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) == 2
    assert session.scalar(select(func.count()).select_from(Response)) == most, "nothing is stored of it"
    session.rollback()
    assert volunteer("installed").status_code == 201
    assert answer(trigger(transaction="order-1")["invitation"]["token"], score=9).status_code == 201
    time.move(seconds=2)
    assert volunteer("order-confirmed").status_code == 201
