"""Verbs: take triggers, open an invitation by its token, close it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, db, errors, journeys, signing, statements, surveys, workspaces
from collector.communities import panels, runs
from collector.interactions import refuse_personal_data, tombstones
from collector.invitations import deciding, early_links, putting_off, rows_made, schedule, subjects, tokens
from collector.invitations.desk import Desk
from collector.invitations.ledger import Entry
from collector.invitations.models import ASKED_HERE, Invitation, Subject, Trigger
from collector.workspaces import sight

ARMED_FOR = timedelta(days=1)  # after it was first shown, or came again, so that no page nags for weeks


def trigger(
    session: Session, workspace: workspaces.Company, items: Sequence[Mapping[str, Any]], now: datetime
) -> list[Entry]:
    """Store and decide a batch of triggers, in order; one that stands already keeps its decision."""
    return decide(session, workspace, read(workspace, items, now), now)


def read(workspace: workspaces.Company, items: Sequence[Mapping[str, Any]], now: datetime) -> list[Trigger]:
    """A batch of triggers as rows, in order; raises 422 ``personal_data`` for what tells who somebody is."""
    refuse_personal_data(workspace.settings, "triggers", items)
    return [rows_made.from_wire(workspace, item, position, now) for position, item in enumerate(items)]


def decide(
    session: Session, workspace: workspaces.Company, rows: Sequence[Trigger], now: datetime
) -> list[Entry]:
    """The same of rows, which may be those of several batches."""
    desk = Desk(session, workspace, now)
    customers = {row.customer for row in rows if row.customer}
    with sight.whole(session):  # what may be asked depends on all that a customer was asked
        desk.hold(customers)  # waits for an erasure, which is over when it is asked about
        desk.erased, desk.undone = _look_for_undone(session, workspace.workspace_id, rows)
        subjects.let_go(
            session, workspace.workspace_id, desk.subjects, customers - {row.customer for row in rows}, now
        )
        entries = deciding.take(desk, rows)
        session.flush()
    return entries


class Undecided(Exception):
    """Something must be decided, and stored, before there is an answer; ask again with a session that may write."""


def open_token(session: Session, token: str, now: datetime, may_write: bool = True) -> Invitation | None:
    """The invitation behind a link, to read, deciding its trigger first where the link came faster; None: nothing to ask.

    Raises 401 for a forged token, 410 for one that is expired, answered or withdrawn; ``Undecided`` where that takes
    more than reading.
    """
    workspace_id, facts = tokens.read_token(session, token, now)
    keys = {"workspace_id": workspace_id, "invitation_id": facts.invitation_id}
    invitation = statements.find(session, Invitation, keys, lock=may_write)
    if invitation is None:  # also where an erasure held its lock until now
        early_links.check_not_erased(session, workspace_id, facts, now)
    if invitation is None or schedule.is_unsettled(session, invitation, now):
        if not may_write:
            raise Undecided
        invitation = _brought_up_to_date(session, workspace_id, facts, now)
    return _usable(session, invitation, now)


def _brought_up_to_date(
    session: Session, workspace_id: uuid.UUID, facts: signing.Invitation, now: datetime
) -> Invitation | None:
    """The invitation behind a link, decided and settled; a form that nobody asked for is stored."""
    if facts.source == "volunteered":
        return _volunteered(session, workspace_id, facts, now)
    key = (workspace_id, facts.invitation_id)
    invitation = session.get(Invitation, key, populate_existing=True)
    invitation = invitation or early_links.decide(session, workspace_id, facts, now)
    if invitation is not None:
        schedule.settle(session, invitation, now)
    return invitation


def pending(session: Session, token: str, now: datetime, may_write: bool = True) -> Invitation | None:
    """What is armed for the customer whose signed token this is: their newest ask, while it is unanswered.

    Older ones keep their links but are shown by no page again, and nothing is shown to who asked not to be asked.
    """
    workspace_id, customer = tokens.read_customer(session, token, now)
    keys = {"workspace_id": workspace_id, "customer": customer}
    subject = statements.find(session, Subject, keys)
    if subject is None or subject.opted_out_at is not None:
        return None
    if not may_write:
        raise Undecided
    for invitation in _of_customer(session, workspace_id, customer, "waiting"):
        schedule.settle(session, invitation, now)
    newest = next(iter(_of_customer(session, workspace_id, customer, "open", "answered", "declined")), None)
    if newest is None or newest.state != "open" or newest.expires_at <= now:
        return None
    schedule.settle(session, newest, now)
    if putting_off.is_put_off(newest, now):
        return None
    seen_at = max(filter(None, (newest.shown_at, newest.later_at and newest.not_before)), default=None)
    lapsed = seen_at is not None and seen_at + ARMED_FOR <= now
    return newest if newest.state == "open" and not lapsed else None


@dataclass(frozen=True)
class Volunteer:
    """A form for feedback that nobody asked for; nothing is stored until it is given."""

    published: surveys.Published
    token: str
    invitation_id: uuid.UUID
    expires_at: datetime


def invite_volunteer(
    session: Session, publishable_key: str, touchpoint: str, locale: str | None, now: datetime
) -> Volunteer | None:
    """The feedback form of a touchpoint for the holder of a publishable key; None where there is none."""
    key = workspaces.find_key(session, publishable_key)
    if key.kind != "publishable":
        raise errors.NotAllowed("This takes a publishable key (aw_pk_...).", "wrong_key_kind")
    published = _form_at(session, key.workspace_id, touchpoint, now)
    if published is None:
        return None
    kid, secret = workspaces.signing_key(session, key.workspace_id)
    own_id, expires_at = clock.new_id(), now + timedelta(days=1)
    facts = signing.Invitation(
        own_id, own_id, touchpoint, expires_at, published.journey, locale=locale, source="volunteered"
    )
    return Volunteer(published, signing.sign_invitation(kid, secret, facts, now), own_id, expires_at)


def _form_at(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, now: datetime
) -> surveys.Published | None:
    """The survey that a touchpoint's feedback form asks; None where there is none, or the form is switched off."""
    place = journeys.find_touchpoint(session, workspace_id, touchpoint)
    if place is None or not place.form_enabled:
        return None
    return surveys.at_touchpoint(session, workspace_id, touchpoint, None, now, volunteered=True)


def close(session: Session, answered: Sequence[tuple[Invitation, datetime]]) -> None:
    """These invitations were answered, each at its time."""
    changes = [
        (
            {"workspace_id": invitation.workspace_id, "invitation_id": invitation.invitation_id},
            {"state": "answered", "ended_at": now, "shown_at": invitation.shown_at or now},
        )
        for invitation, now in answered
    ]
    statements.change_all(session, Invitation, changes)


def takes_first_answer(invitation: Invitation, now: datetime) -> bool:
    """Whether an invitation stands open, with nothing left to decide about it first (see ``open_token``). Pure."""
    may_be_overtaken = invitation.cancel_on and invitation.shown_at is None
    return invitation.state == "open" and now < invitation.expires_at and not may_be_overtaken


def _of_customer(session: Session, workspace_id: uuid.UUID, customer: str, *states: str) -> list[Invitation]:
    """A customer's invitations that the collector decided about, in some states, the newest ask first, locked."""
    query = select(Invitation).where(
        Invitation.workspace_id == workspace_id,
        Invitation.customer == customer,
        Invitation.source.in_(ASKED_HERE),
        Invitation.state.in_(states),
    )
    return list(session.scalars(db.lock(session, query.order_by(Invitation.asked_at.desc()))))


def _look_for_undone(
    session: Session, workspace_id: uuid.UUID, rows: Sequence[Trigger]
) -> tuple[set[uuid.UUID], dict[str, datetime]]:
    """(The triggers of customers who were erased after they happened, transactions that were cancelled), in one look."""
    customers = {(tombstones.CUSTOMER, row.customer) for row in rows if row.customer}
    transactions = {(tombstones.TRANSACTION, row.transaction) for row in rows if row.transaction}
    undone = tombstones.undone(session, workspace_id, customers | transactions)
    erased = {name: at for (kind, name), at in undone.items() if kind == tombstones.CUSTOMER}
    cancelled = {name: at for (kind, name), at in undone.items() if kind == tombstones.TRANSACTION}
    return _forget(rows, erased), cancelled


def _forget(rows: Sequence[Trigger], erased: dict[str, datetime]) -> set[uuid.UUID]:
    """Those of erased customers; what says whose they were is left out."""
    gone = [row for row in rows if row.customer in erased and row.occurred_at <= erased[row.customer]]
    for row in gone:
        row.customer = row.transaction = row.journey_instance = row.persona = None
        row.attributes, row.cancel_on = {}, []
    return {row.trigger_id for row in gone}


def _volunteered(
    session: Session, workspace_id: uuid.UUID, facts: signing.Invitation, now: datetime
) -> Invitation | None:
    stored = session.get(Invitation, (workspace_id, facts.invitation_id))
    if stored is not None:
        return _usable(session, stored, now)
    published = _form_at(session, workspace_id, facts.touchpoint, now)
    if published is None:
        return None
    version = journeys.find_journey(session, workspace_id, published.journey) if published.journey else None
    invitation = Invitation(
        workspace_id=workspace_id,
        invitation_id=facts.invitation_id,
        source="volunteered",
        target=published.target,
        touchpoint=facts.touchpoint,
        journey=published.journey,
        journey_version=version.version if version else None,
        survey=published.key,
        survey_version=published.version,
        series_id=published.series_id,
        channel="web",
        locale=facts.locale,
        attributes={},
        state="open",
        expires_at=facts.expires_at,
        created_at=now,
        asked_at=now,
    )
    statements.insert_new(session, invitation)
    return session.get(Invitation, (workspace_id, facts.invitation_id))


def _has_left(session: Session, invitation: Invitation) -> bool:
    """Whether a run's invitation ended because the member left its panel."""
    workspace_id = invitation.workspace_id
    run = runs.run_by_key(session, workspace_id=workspace_id, key=invitation.run) if invitation.run else None
    if run is None or run.panel_key is None:
        return False
    return panels.membership.has_left(session, workspace_id, invitation.customer, run.panel_key)


def _usable(session: Session, invitation: Invitation | None, now: datetime) -> Invitation | None:
    if invitation is None or invitation.state == "skipped":
        return None
    if invitation.state == "cancelled":
        if _has_left(session, invitation):
            raise errors.Gone("You have left the panel; nothing more is asked.", "member_left")
        raise errors.Gone("This invitation was withdrawn.", "survey_closed")
    if invitation.expires_at <= now and invitation.state != "answered":
        raise errors.Gone("This invitation has expired.", "invitation_expired")
    return invitation
