"""One decision per trigger: read the facts, ask the pure engine, write trigger, decision and invitation in one go.

Everything here runs under the lock of the customer's row (``subjects.hold``); a trigger delivered twice, or opened
by its link before it arrived, is decided once.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector import clock, errors, statements
from collector.communities.runs import Seat
from collector.contact import Policy
from collector.invitations import (
    announcing,
    caps,
    eligibility,
    facts,
    ledger,
    placing,
    rows_made,
    sampling,
    subjects,
)
from collector.invitations.clocks import History
from collector.invitations.desk import Desk
from collector.invitations.eligibility import NO_HISTORY, Facts, Verdict
from collector.invitations.facts import Placed
from collector.invitations.ledger import Entry
from collector.invitations.models import Decision, Invitation, Trigger
from collector.surveys import Standing


@dataclass(frozen=True)
class Decided:
    """What a trigger came to."""

    verdict: Verdict
    survey: Standing | None
    invitation: Invitation | None


def take(desk: Desk, rows: Sequence[Trigger], from_link: bool = False) -> list[Entry]:
    """Store and decide triggers, in order; for one that was taken before, what was decided then.

    What there is to know is read for all at once, then each is decided with what those before it came to.
    """
    first: dict[uuid.UUID, Trigger] = {}
    for row in rows:
        first.setdefault(row.trigger_id, row)
    new = statements.insert_new_rows(desk.session, list(first.values()))
    placed = placing.places(desk, new)
    found = _decide(desk, placed, from_link)
    decisions = [
        rows_made.decision(each, decided.verdict, decided.survey, desk.now)
        for each, decided in zip(placed, found, strict=True)
    ]
    statements.insert_new_rows(desk.session, decisions)
    announcing.decided(
        desk.session, desk.workspace.workspace_id, list(zip(decisions, new, strict=True)), desk.now
    )
    made = [
        Entry(decision, row, decided.invitation)
        for row, decision, decided in zip(new, decisions, found, strict=True)
    ]
    if len(made) == len(rows):
        return made
    entries = {entry.trigger.trigger_id: entry for entry in made}
    entries |= _taken_before(desk, [row for row in rows if row.trigger_id not in entries])
    return [entries[row.trigger_id] for row in rows]


def _decide(desk: Desk, placed: Sequence[Placed], from_link: bool) -> list[Decided]:
    """Decide all, and store their invitations; again where one turns out to stand already under another customer."""
    refused: set[uuid.UUID] = set()
    candidates = [desk.standing(each.row.touchpoint, each.row.journey, each.row.target) for each in placed]
    desk.hold_places(survey for surveys in candidates for survey in surveys)
    while True:
        known = desk.known(placed, _since(desk, candidates))
        found = [
            _decide_one(desk, known, each, surveys, refused, from_link)
            for each, surveys in zip(placed, candidates, strict=True)
        ]
        made = [decided.invitation for decided in found if decided.invitation]
        new = statements.insert_new_rows(desk.session, made)
        if len(new) == len(made):
            desk.places.store()
            return found
        inserted = {row.invitation_id for row in new}
        refused |= {row.invitation_id for row in made} - inserted
        _take_back(desk, inserted)


def _decide_one(
    desk: Desk,
    known: facts.Known,
    placed: Placed,
    candidates: list[Standing],
    refused: Collection[uuid.UUID],
    from_link: bool,
) -> Decided:
    row, said = placed.row, _facts(desk, known, placed, candidates, is_judged=not from_link)
    verdict, survey, policy = eligibility.choose(said, candidates, desk.policy, desk.history, desk.now)
    if not verdict.is_invite or survey is None:
        return Decided(verdict, survey, None)
    if row.invitation_id in refused or row.invitation_id in known.invitations:
        return Decided(Verdict("skip", "same_transaction", "one invitation per transaction"), survey, None)
    seat = said.seats.get(survey.key)
    invitation = _invitation(desk, placed, survey, verdict.probability, seat)
    verdict = _claim(desk, invitation, verdict, policy)
    if not verdict.is_invite:
        return Decided(verdict, survey, None)
    known.add(invitation)
    return Decided(verdict, survey, invitation)


def take_when_due(desk: Desk, invitation: Invitation) -> Verdict:
    """Decide a waiting invitation again, now that it is due: it opens, or is skipped with the reason."""
    session = desk.session
    row = session.get_one(Trigger, (invitation.workspace_id, invitation.trigger_id))
    fitting = desk.standing(invitation.touchpoint, row.journey, row.target, invitation.survey)
    same = [survey for survey in fitting if survey.key == invitation.survey]
    placed = Placed(row, invitation.journey, invitation.journey_version, invitation.journey_instance)
    desk.hold_places(same)
    past = facts.read(session, row.workspace_id, [placed], _since(desk, [same]))
    known = _facts(desk, past, placed, same, invitation.invitation_id, is_judged=False)
    known = known._replace(not_before=None, draw=None)  # what the trigger was like, it was judged by
    verdict, survey, policy = eligibility.choose(known, same, desk.policy, desk.history, desk.now)
    if verdict.is_invite and survey:
        invitation.survey_version, invitation.series_id = survey.version, survey.series_id
        _open(desk, invitation)
        verdict = _claim(desk, invitation, verdict, policy)
        desk.places.store()
    if not verdict.is_invite:
        invitation.state, invitation.ended_at, invitation.asked_at = "skipped", desk.now, None
    revise(session, invitation, verdict, desk.now)
    return verdict


def revise(session: Session, invitation: Invitation, verdict: Verdict, now: datetime) -> None:
    """Put a new verdict in the place of the old, and the old one into the decision's history."""
    decision = session.get(Decision, (invitation.workspace_id, invitation.trigger_id))
    if decision is None:
        return
    decision.earlier = [*decision.earlier, _as_json(decision)]
    decision.decision, decision.reason, decision.rule = verdict.decision, verdict.reason, verdict.rule
    decision.next_eligible_at, decision.decided_at = verdict.next_eligible_at, now
    decision.invitation_id = invitation.invitation_id if verdict.is_invite else None
    session.flush()
    announcing.revised(session, decision, now)


def _since(desk: Desk, candidates: Sequence[list[Standing]]) -> datetime:
    """How far back the policies of all candidates look."""
    return desk.now - max(map(desk.looks_back, candidates), default=timedelta(0))


def _taken_before(desk: Desk, delivered: Sequence[Trigger]) -> dict[uuid.UUID, Entry]:
    """What was decided of triggers that were taken before, or stand twice in one batch."""
    if not delivered:
        return {}
    stored = ledger.of_triggers(
        desk.session, desk.workspace.workspace_id, {row.trigger_id for row in delivered}
    )
    for row in delivered:
        if row.trigger_id not in stored:
            raise errors.Unavailable("This trigger is being decided right now. Try again.", retry_after=1)
        _complete(desk.session, stored[row.trigger_id].trigger, row)
    return stored


def _complete(session: Session, stored: Trigger, delivered: Trigger) -> None:
    """A trigger first seen through its link lacks its attributes and events; the delivery brings them."""
    if stored.attributes or stored.cancel_on:
        return
    stored.attributes, stored.cancel_on = delivered.attributes, delivered.cancel_on
    invitation = session.get(Invitation, (stored.workspace_id, stored.invitation_id))
    if invitation is not None and invitation.trigger_id == stored.trigger_id:
        invitation.attributes, invitation.cancel_on = delivered.attributes, delivered.cancel_on
    session.flush()


def _facts(
    desk: Desk,
    known: facts.Known,
    placed: Placed,
    candidates: list[Standing],
    again: uuid.UUID | None = None,
    is_judged: bool = True,
) -> Facts:
    """``is_judged``: by its attributes too, which a link does not carry."""
    row, instance, workspace_id = placed.row, placed.instance, desk.workspace.workspace_id
    touchpoint = desk.touchpoint(row.touchpoint)
    past = known.past(placed, desk.now - desk.looks_back(candidates), again)
    subject, attributes = desk.subjects.get(row.customer or ""), row.attributes if is_judged else None
    drawn = sampling.subject_of(workspace_id, row.customer, instance, row.transaction, row.trigger_id)
    return Facts(
        touchpoint_known=touchpoint is not None,
        feedback_enabled=touchpoint is not None and touchpoint.feedback_enabled,
        opted_out=subject is not None and subject.opted_out_at is not None,
        consents=subjects.consented(subject),
        channel=row.channel,
        persona=row.persona,
        locale=row.locale,
        attributes=attributes,
        cancelled_by="an erasure" if row.trigger_id in desk.erased else known.cancelled_by(placed),
        same_transaction=past.same_transaction,
        asked_in_instance=past.asked_in_instance,
        draw=desk.draw(placed.journey, instance, row.transaction),
        place=row.touchpoint,
        history=History(past.contacts) if past.contacts else NO_HISTORY,
        subject=drawn,
        not_before=row.not_before,
        seats=desk.seats(row, drawn, attributes, again),
    )


def _invitation(desk: Desk, placed: Placed, survey: Standing, chance: float, seat: Seat | None) -> Invitation:
    row = placed.row
    invitation = statements.unwatched(
        Invitation,
        workspace_id=row.workspace_id,
        invitation_id=row.invitation_id,
        trigger_id=row.trigger_id,
        source=desk.source,
        touchpoint=row.touchpoint,
        target=survey.target,
        journey=placed.journey or survey.journey,
        journey_version=placed.version,
        journey_instance=placed.instance,
        survey=survey.key,
        survey_version=survey.version,
        series_id=survey.series_id,
        customer=row.customer,
        transaction=row.transaction,
        channel=row.channel,
        persona=row.persona,
        locale=row.locale,
        attributes=row.attributes,
        cancel_on=row.cancel_on,
        probability=chance,
        run=seat.run if seat else None,
        variant=seat.variant if seat else None,
        state="waiting",
        not_before=row.not_before,
        expires_at=row.expires_at,
        created_at=desk.now,
    )
    if row.not_before is None or row.not_before <= desk.now:
        _open(desk, invitation)
    return invitation


def _open(desk: Desk, invitation: Invitation) -> None:
    invitation.state, invitation.asked_at = "open", desk.now


def _claim(desk: Desk, invitation: Invitation, verdict: Verdict, policy: Policy) -> Verdict:
    """Take a place under the day's caps, where there are any; else the reason why it cannot be asked."""
    if invitation.state != "open" or not caps.is_capped(policy):
        return verdict
    if desk.places.take(invitation.survey, policy):
        return verdict
    return Verdict("skip", "cap", "the day's last place was just taken", policy.next_day(desk.now))


def _take_back(desk: Desk, invitations: Collection[uuid.UUID]) -> None:
    """Nothing of this try stands: its invitations are removed, and its places given back."""
    desk.places.give_back()
    statement = delete(Invitation).where(
        Invitation.workspace_id == desk.workspace.workspace_id, Invitation.invitation_id.in_(invitations)
    )
    desk.session.execute(statement, execution_options={"synchronize_session": False})


def _as_json(decision: Decision) -> dict[str, Any]:
    names = ("decision", "reason", "rule")
    kept: dict[str, Any] = {name: getattr(decision, name) for name in names}
    return {**kept, "decided_at": clock.iso(decision.decided_at)}
