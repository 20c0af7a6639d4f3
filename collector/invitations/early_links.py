"""Links that come faster than their triggers: the trigger that they tell of is decided when they are opened or answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from collector import errors, signing, workspaces
from collector.interactions import tombstones
from collector.invitations import deciding, rows_made, subjects
from collector.invitations.desk import Desk
from collector.invitations.models import Invitation

Name = tuple[str, str]


def decide(
    session: Session, workspace_id: uuid.UUID, facts: signing.Invitation, now: datetime
) -> Invitation | None:
    """Decide the trigger behind a link; None where it comes to no invitation. Raises 410 for one of an erased customer."""
    desk = Desk(session, workspaces.facts(session, workspace_id), now)
    desk.hold({facts.customer} if facts.customer else set())  # waits for an erasure, which is over when ...
    check_not_erased(session, workspace_id, facts, now)  # ... it is asked about
    [entry] = deciding.take(desk, [rows_made.from_token(workspace_id, facts, now)], from_link=True)
    session.flush()
    if entry.decision.invitation_id is None:
        return None
    return session.get(Invitation, (workspace_id, entry.decision.invitation_id))


def decide_all(
    session: Session, workspace_id: uuid.UUID, links: Sequence[signing.Invitation], now: datetime
) -> list[Invitation]:
    """The invitations, to read, that several links lead to, each decided now.

    Left out is what takes more than deciding: what was decided before, what an erasure undid, what is not to be asked.
    """
    desk = Desk(session, workspaces.facts(session, workspace_id), now)
    customers = {facts.customer for facts in links if facts.customer}
    desk.hold(customers)  # waits for an erasure, which is over when it is asked about
    undone = tombstones.undone(session, workspace_id, [name for facts in links for name in _names(facts)])
    standing = [facts for facts in links if undone.keys().isdisjoint(_names(facts))]
    subjects.let_go(
        session, workspace_id, desk.subjects, customers - {facts.customer for facts in standing}, now
    )
    rows = [rows_made.from_token(workspace_id, facts, now) for facts in standing]
    entries = deciding.take(desk, rows, from_link=True)
    session.flush()
    new = [entry for entry, row in zip(entries, rows, strict=True) if entry.trigger is row]
    return [entry.invitation for entry in new if entry.invitation and entry.decision.invitation_id]


def check_not_erased(
    session: Session, workspace_id: uuid.UUID, facts: signing.Invitation, now: datetime
) -> None:
    """Raises 410 for a link that an erased customer had: for ever, and whoever signed it."""
    own, customer = _names(facts)
    undone = tombstones.undone(session, workspace_id, [own, customer])
    if own in undone or (customer in undone and (facts.signed_at or now) <= undone[customer]):
        raise errors.Gone("This invitation was withdrawn.", "survey_closed")


def _names(facts: signing.Invitation) -> tuple[Name, Name]:
    """What an erasure may have put down of a link: itself, and whose it is."""
    return (tombstones.INVITATION, str(facts.invitation_id)), (tombstones.CUSTOMER, facts.customer or "")
