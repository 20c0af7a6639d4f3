"""Time: what waits is decided again when due, what was overtaken by events is taken back.

What waits stands in the table, so that a restart forgets nothing. A due invitation is claimed by one worker (or by
the customer's own page, or a look at the ledger, whichever comes first) and decided once, under the lock of its
customer.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from collector import db, looks, statements, workspaces
from collector.interactions import tombstones
from collector.invitations import deciding, facts, ledger
from collector.invitations.desk import Desk
from collector.invitations.eligibility import Verdict
from collector.invitations.models import Invitation, Trigger
from collector.workspaces import sight

BATCH = 100
AGAIN = timedelta(minutes=15)
"""When a due invitation that could not be decided gets its next turn."""

log = structlog.get_logger("collector.invitations")
PENDING = frozenset({"open", "waiting"})


def open_due(session: Session, now: datetime) -> int:
    """The worker's job: decide up to a batch of invitations whose time has come; how many. Safe with several at once."""
    query = _due(now).limit(BATCH)
    if session.get_bind().dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    by_workspace: dict[uuid.UUID, list[Invitation]] = defaultdict(list)
    for invitation in session.scalars(query):
        by_workspace[invitation.workspace_id].append(invitation)
    return sum(_decided(session, workspace_id, due, now) for workspace_id, due in by_workspace.items())


def _decided(session: Session, workspace_id: uuid.UUID, due: Sequence[Invitation], now: datetime) -> int:
    """Decide a workspace's due invitations; where that fails one by one, so that the rest are asked. How many."""
    try:
        with session.begin_nested():
            decide_due(session, workspace_id, due, now)
        return len(due)
    except Exception as error:
        if db.is_passing(error):
            raise
        log.exception("due_not_decided", workspace=str(workspace_id))
    return sum(_decided_alone(session, workspace_id, invitation, now) for invitation in due)


def _decided_alone(session: Session, workspace_id: uuid.UUID, invitation: Invitation, now: datetime) -> int:
    invitation_id = invitation.invitation_id
    try:
        with session.begin_nested():
            decide_due(session, workspace_id, [invitation], now)
    except Exception as error:
        if db.is_passing(error):
            raise
        log.warning("one_due_not_decided", invitation=str(invitation_id), error=type(error).__name__)
        session.refresh(invitation)
        invitation.not_before = now + AGAIN
        return 0
    return 1


def are_due(session: Session, now: datetime) -> bool:
    """Whether any invitation's time has come: a look that locks nothing."""
    return looks.found(session, _due, now)


def _due(now: datetime) -> Select[Invitation]:
    waits = Invitation.state == db.constant("waiting")
    query = select(Invitation).where(waits, Invitation.not_before <= now)
    return query.order_by(Invitation.not_before, Invitation.invitation_id)


def decide_due(session: Session, workspace_id: uuid.UUID, due: Sequence[Invitation], now: datetime) -> None:
    """Decide waiting invitations that the caller has locked, the longest due first."""
    desk = Desk(session, workspaces.facts(session, workspace_id), now)
    desk.hold({invitation.customer for invitation in due if invitation.customer})
    for invitation in due:
        deciding.take_when_due(desk, invitation)


def is_unsettled(session: Session, invitation: Invitation, now: datetime) -> bool:
    """Whether an invitation waits for something to be decided (see ``settle``): a look, also for a reader."""
    if invitation.state == "waiting" and invitation.not_before is not None and invitation.not_before <= now:
        return True
    return _overtaken_by(session, invitation) is not None


def settle(session: Session, invitation: Invitation, now: datetime) -> None:
    """Bring one locked invitation up to date: open it where due, take it back where an event has overtaken it."""
    if invitation.state == "waiting" and invitation.not_before is not None and invitation.not_before <= now:
        decide_due(session, invitation.workspace_id, [invitation], now)
    event = _overtaken_by(session, invitation)
    if event is not None:
        _withdraw(session, invitation, f"{event} happened, which cancels this ask", now)


def _overtaken_by(session: Session, invitation: Invitation) -> str | None:
    """What has cancelled an ask that nobody has seen yet."""
    if invitation.state not in PENDING or invitation.shown_at is not None or not invitation.cancel_on:
        return None
    keys = {"workspace_id": invitation.workspace_id, "trigger_id": invitation.trigger_id}
    row = statements.find(session, Trigger, keys)
    if row is None:
        return None
    placed = facts.Placed(row, invitation.journey, invitation.journey_version, invitation.journey_instance)
    return facts.read(session, invitation.workspace_id, [placed], since=None).cancelled_by(placed)


def decisions(
    session: Session,
    workspace_id: uuid.UUID,
    now: datetime,
    customer: str | None = None,
    transaction: str | None = None,
    before: tuple[datetime, uuid.UUID] | None = None,
    limit: int = 50,
) -> list[ledger.Entry]:
    """What ``ledger.decisions`` finds, settled first: whoever looks is told what holds, not what held when it waited."""
    found = ledger.decisions(session, workspace_id, customer, transaction, before, limit)
    made = [entry.invitation for entry in found if entry.invitation is not None]
    pending = [invitation.invitation_id for invitation in made if invitation.state in PENDING]
    if pending:
        query = select(Invitation).where(
            Invitation.workspace_id == workspace_id, Invitation.invitation_id.in_(pending)
        )
        query = db.lock(session, query.order_by(Invitation.invitation_id))
        with sight.whole(session):  # what may be asked depends on all that a customer was asked
            for invitation in session.scalars(query, execution_options={"populate_existing": True}):
                settle(session, invitation, now)
    return found


def touchpoints_of(session: Session, workspace_id: uuid.UUID, transaction: str) -> list[str]:
    """Where a transaction was triggered, in anybody's scope."""
    query = select(Trigger.touchpoint).where(
        Trigger.workspace_id == workspace_id, Trigger.transaction == transaction
    )
    with sight.whole(session):
        return list(session.scalars(query))


def cancel(
    session: Session,
    workspace_id: uuid.UUID,
    transaction: str,
    now: datetime,
    occurred_at: datetime | None = None,
) -> int:
    """Withdraw the unanswered invitation of a transaction; the number withdrawn.

    A trigger that happened before and is delivered later finds it taken back; one that happened after it stands.
    """
    at = min(occurred_at or now, now)
    tombstones.bury(session, workspace_id, tombstones.TRANSACTION, [transaction], at)
    happened_later = exists().where(
        Trigger.workspace_id == Invitation.workspace_id,
        Trigger.trigger_id == Invitation.trigger_id,
        Trigger.occurred_at > at,
    )
    query = select(Invitation).where(
        Invitation.workspace_id == workspace_id,
        Invitation.transaction == transaction,
        Invitation.state.in_(PENDING),
        *([~happened_later] if occurred_at else []),
    )
    found = list(session.scalars(db.lock(session, query)))
    for invitation in found:
        _withdraw(session, invitation, "the business system took it back", now)
    return len(found)


def _withdraw(session: Session, invitation: Invitation, rule: str, now: datetime) -> None:
    invitation.state, invitation.ended_at = "cancelled", now
    deciding.revise(session, invitation, Verdict("skip", "cancelled", rule), now)
