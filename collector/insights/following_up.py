"""The loop is closed: once an insight is done, the unhappy who agreed to be contacted are asked once more.

``enlist`` says who; the job asks them as the contact policy allows, so that whoever rests is asked when that is over. Each
of an insight once: what is left to do stands in the row, and a killed worker loses nothing and asks nobody twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from collector import db, errors, looks, statements
from collector.insights import announcing, unhappy
from collector.insights.models import FollowUp, Insight
from collector.interactions import tombstones
from collector.invitations import Decision, asking_again
from collector.responses import Response
from collector.workspaces import sight

BATCH = 100
LASTS = timedelta(days=120)
"""Whoever may not be asked within this time is not asked at all: an ask that comes too late asks about something else."""
DONE = ("done", "checked")
NEW_TURN = ("quarantine", "cap", "no_consent", "reopened")
"""Why somebody was passed over who may be asked when they are enlisted again."""


def enlist(session: Session, insight: Insight, by: str, now: datetime) -> int:
    """Put the unhappy who agreed to be contacted on the list; how many are new there. Raises 409 until it is done."""
    if insight.state not in DONE:
        raise errors.Conflict("Nothing was done yet that could be asked about.", "insight_not_done")
    tombstones.hold_off(session, insight.workspace_id)
    found = [each for each in unhappy.of(session, insight) if each.channel]
    rows = [_row(insight, each, now) for each in found]
    new = len(statements.insert_new_rows(session, rows)) + _take_up_again(session, rows)
    if new:
        announcing.note_insight(session, insight, by, "followed_up", now, None, {"customers": new})
    return new


def _take_up_again(session: Session, rows: Sequence[FollowUp]) -> int:
    """Those who were passed over for a reason that may have passed; how many."""
    wanted = {row.customer: row for row in rows}
    query = select(FollowUp).where(
        FollowUp.workspace_id.in_({row.workspace_id for row in rows}),
        FollowUp.insight_id.in_({row.insight_id for row in rows}),
        FollowUp.customer.in_(sorted(wanted)),
        FollowUp.state == "skipped",
        FollowUp.reason.in_(NEW_TURN),
    )
    found = session.scalars(db.lock(session, query.order_by(FollowUp.customer))).all()
    for row in found:
        row.state, row.reason = "waiting", None
        for name in ("channel", "run_after", "enlisted_at"):
            setattr(row, name, getattr(wanted[row.customer], name))
    session.flush()
    return len(found)


def ask(session: Session, now: datetime) -> int:
    """Ask up to a batch of those whose time has come, of one survey; how many. Safe with several at once."""
    first = session.execute(_due(now).limit(1)).first()
    if first is None:
        return 0
    workspace_id, survey = first
    same = FollowUp.workspace_id == workspace_id, FollowUp.survey == survey, *_waits(now)
    query = select(FollowUp.customer).where(*same).order_by(FollowUp.run_after, FollowUp.customer)
    customers = set(session.scalars(query.limit(BATCH)))
    with sight.whole(session):
        desk = asking_again.desk_of(session, workspace_id, survey, now)
        desk.hold(customers)  # first, as whoever erases or objects does
        rows = _locked(session, [*same, FollowUp.customer.in_(sorted(customers))])
        asking_again.let_go(desk, customers - {row.customer for row in rows})
        _decide(desk, rows)
        session.flush()
    return len(rows)


def are_due(session: Session, now: datetime) -> bool:
    """Whether the time of any has come: a look that locks nothing."""
    return looks.found(session, _due, now)


def _due(now: datetime) -> Select[uuid.UUID, str]:
    return select(FollowUp.workspace_id, FollowUp.survey).where(*_waits(now)).order_by(FollowUp.run_after)


def _waits(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return FollowUp.state == db.constant("waiting"), FollowUp.run_after <= now


def _locked(session: Session, which: Sequence[ColumnElement[bool]]) -> Sequence[FollowUp]:
    """Those rows that still wait; who is held by another worker is left to it."""
    query = select(FollowUp).where(*which).order_by(FollowUp.customer, FollowUp.insight_id)
    query = query.with_for_update(skip_locked=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _decide(desk: asking_again.AgainDesk, rows: Sequence[FollowUp]) -> None:
    """Ask those who may still be asked; what was decided stands in each row."""
    workspace_id = desk.workspace.workspace_id
    answers = _answers(desk.session, workspace_id, {row.response_id for row in rows})
    done = _done(desk.session, workspace_id, {row.insight_id for row in rows})
    asks: list[tuple[FollowUp, asking_again.Again]] = []
    for row in rows:
        answer = answers.get(row.response_id)
        if row.insight_id not in done:
            _skip(row, "reopened")
        elif answer is None:
            _skip(row, "erased")
        else:
            asks.append((row, _again(row, answer)))
    entries = asking_again.ask(desk, [each for _, each in asks])
    for (row, _), entry in zip(asks, entries, strict=True):
        _note(row, entry.decision, desk.now)


def _note(row: FollowUp, decision: Decision, now: datetime) -> None:
    row.trigger_id = decision.trigger_id
    if decision.invitation_id is not None:
        row.state, row.reason, row.asked_at = "asked", None, now
        row.invitation_id = decision.invitation_id
        return
    later = decision.next_eligible_at
    if later is not None and now < later <= row.enlisted_at + LASTS:
        row.run_after, row.reason = later, decision.reason
    else:
        _skip(row, decision.reason)


def _skip(row: FollowUp, reason: str) -> None:
    row.state, row.reason = "skipped", reason


def _again(row: FollowUp, answer: Response) -> asking_again.Again:
    return asking_again.Again(
        cause=row.insight_id,
        customer=row.customer,
        touchpoint=row.touchpoint,
        journey=answer.journey,
        channel=row.channel,
        persona=answer.persona,
        locale=answer.locale,
        attributes=answer.attributes or {},
    )


def _answers(
    session: Session, workspace_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Response]:
    """The answers because of which they are asked, as far as they are still there."""
    query = select(Response).where(
        Response.workspace_id == workspace_id, Response.response_id.in_(sorted(ids))
    )
    return {row.response_id: row for row in session.scalars(query)}


def _done(session: Session, workspace_id: uuid.UUID, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these insights that are done and have not been reopened."""
    query = select(Insight.insight_id).where(
        Insight.workspace_id == workspace_id,
        Insight.insight_id.in_(sorted(ids)),
        Insight.state.in_(DONE),
    )
    return set(session.scalars(query))


def _row(insight: Insight, each: unhappy.Unhappy, now: datetime) -> FollowUp:
    return FollowUp(
        workspace_id=insight.workspace_id,
        insight_id=insight.insight_id,
        customer=each.customer,
        response_id=each.answer.response_id,
        touchpoint=each.answer.touchpoint,
        survey=each.answer.survey,
        channel=each.channel,
        state="waiting",
        run_after=now,
        enlisted_at=now,
    )
