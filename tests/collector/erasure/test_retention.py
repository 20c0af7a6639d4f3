"""What a company keeps for a time: answers leave the figures too, and the record's chain holds on from where it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import changes, clock, workspaces
from collector.changes import Change
from collector.erasure import answers, retention
from collector.interactions import Interaction, JourneyInstance
from collector.kpis import Rollup, rollups
from collector.responses import Response


def _keep(session: Session, company: workspaces.Workspace, time: clock.FixedClock, **days: int) -> None:
    workspaces.company.change(session, company.workspace_id, days, "tests", time())
    session.commit()


def _run(session: Session, time: clock.FixedClock) -> int:
    were_old = retention.are_old(session, time())
    gone = retention.let_go(session, time())
    session.commit()
    assert bool(gone) == were_old
    return gone


def test_answers_go_when_their_days_are_over_and_others_stay(
    session: Session,
    company: workspaces.Workspace,
    trigger: Callable[..., Any],
    answer: Callable[..., Any],
    time: clock.FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for comment in ("old", "older", "oldest"):
        answer(trigger()["invitation"]["token"], score=2, comment=comment, complete=True)
    time.move(days=20)
    answer(trigger()["invitation"]["token"], score=9, comment="new", complete=True)
    rollups.count(session, time.move(minutes=5))
    session.commit()
    time.move(days=15)
    assert _run(session, time) == 0  # for ever, until somebody says otherwise
    _keep(session, company, time, keep_answers=30)
    monkeypatch.setattr(answers, "AT_ONCE", 2)
    assert [_run(session, time) for _ in range(3)] == [2, 1, 0]
    assert session.scalars(select(Response.comment)).all() == ["new"]
    assert session.scalar(select(func.sum(Rollup.n))) == 1
    told = session.scalars(select(Change).where(Change.actor == "retention").order_by(Change.number)).all()
    assert [(each.verb, each.noun) for each in told] == [("deleted", "response")] * 2


def test_the_record_begins_later_and_still_shows_a_gap(
    session: Session, company: workspaces.Workspace, time: clock.FixedClock
) -> None:
    workspace_id = company.workspace_id
    _keep(session, company, time, keep_record=90)
    rows = session.scalar(select(func.count()).select_from(Change))
    session.commit()
    time.move(days=60)
    _keep(session, company, time, keep_answers=60)
    time.move(days=60)
    assert _run(session, time) == rows
    left = session.scalars(select(Change).order_by(Change.number)).all()
    assert [(each.actor, each.verb) for each in left] == [("tests", "changed"), ("retention", "deleted")]
    found = changes.verify(session, workspace_id)
    assert (found.holds, found.rows) == (True, 2)
    session.delete(left[0])
    session.commit()
    assert not changes.verify(session, workspace_id).holds
    session.commit()
    assert _run(session, time) == 0


def test_comments_go_and_every_figure_stays(
    session: Session,
    company: workspaces.Workspace,
    trigger: Callable[..., Any],
    answer: Callable[..., Any],
    time: clock.FixedClock,
) -> None:
    answer(trigger()["invitation"]["token"], score=2, comment="old words", complete=True)
    rollups.count(session, time.move(minutes=5))
    session.commit()
    time.move(days=40)
    _keep(session, company, time, keep_comments=30)
    (found,) = retention.preview(session, company.workspace_id, {"keep_comments": 30}, time()).values()
    assert (found.rows, found.since) == (1, time() - timedelta(days=40, minutes=5))
    assert [_run(session, time) for _ in range(2)] == [1, 0]
    row = session.scalars(select(Response)).one()
    assert (row.comment, row.comment_stems, row.answers, row.score) == (None, None, {"score": 2}, 2)
    assert session.scalar(select(func.sum(Rollup.n))) == 1
    (told,) = session.scalars(select(Change).where(Change.actor == "retention")).all()
    assert (told.verb, told.noun, told.after) == ("deleted", "comment", {"rows": 1})


def test_steps_and_outcomes_go_each_after_its_own_days(
    session: Session, company: workspaces.Workspace, client: Any, keys: Any, time: clock.FixedClock
) -> None:
    begin = time() - timedelta(days=100)
    for customer, at in (("c-1", begin), ("c-2", begin + timedelta(days=80))):
        step = {
            "touchpoint": "installed",
            "journey": "first-order",
            "customer": customer,
            "occurred_at": clock.iso(at),
        }
        outcome = {"key": customer, "kind": "churn", "customer": customer, "occurred_at": clock.iso(begin)}
        time.time = at
        client.post("/api/v1/interactions", json={"interactions": [step]}, headers=keys["server"])
        client.put("/api/v1/outcomes", json={"outcomes": [outcome]}, headers=keys["server"])
    time.time = begin + timedelta(days=100)
    _keep(session, company, time, keep_interactions=90, keep_outcomes=365)
    assert [_run(session, time) for _ in range(2)] == [1, 0]
    assert (
        len(session.scalars(select(Interaction)).all())
        == len(session.scalars(select(JourneyInstance)).all())
        == 1
    )
    _keep(session, company, time, keep_outcomes=90)
    assert [_run(session, time) for _ in range(2)] == [2, 0]
