"""One decision per trigger: read the facts, ask the pure engine, write trigger, decision and invitation in one go.

Everything here runs under the lock of the customer's row (``subjects.hold``); a trigger delivered twice, or opened
by its link before it arrived, is decided once.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from collector import clock, db, errors, interactions, journeys, surveys, workspaces
from collector.contact.policy import Policy
from collector.invitations import caps, drawing, eligibility, facts, policies, sampling, subjects
from collector.invitations.clocks import History
from collector.invitations.eligibility import Facts, Verdict
from collector.invitations.ledger import Entry
from collector.invitations.models import Decision, Invitation, Subject, Trigger
from collector.surveys.running import Standing, asks_at_end, running_at


@dataclass
class Desk:
    """Where triggers of one workspace are decided in one transaction; definitions are read once per desk."""

    session: Session
    workspace: workspaces.Company
    now: datetime
    subjects: dict[str, Subject] = field(default_factory=dict)
    erased: set[uuid.UUID] = field(default_factory=set)
    _standing: dict[tuple[str, str | None, str | None], list[Standing]] = field(default_factory=dict)
    _touchpoints: dict[str, journeys.TouchpointFacts | None] = field(default_factory=dict)
    _journeys: dict[str, journeys.VersionFacts | None] = field(default_factory=dict)
    _weights: dict[str, dict[str, float]] = field(default_factory=dict)
    _policies: dict[str, Policy] = field(default_factory=dict)

    def hold(self, customers: set[str]) -> None:
        """Lock these customers until the transaction ends."""
        self.subjects |= subjects.hold(self.session, self.workspace.workspace_id, customers, self.now)

    def standing(self, touchpoint: str, journey: str | None, target: str | None) -> list[Standing]:
        key = (touchpoint, journey, target)
        if key not in self._standing:
            self._standing[key] = surveys.standing_at(
                self.session, self.workspace.workspace_id, touchpoint, journey, self.now, target
            )
        return self._standing[key]

    def touchpoint(self, key: str) -> journeys.TouchpointFacts | None:
        if key not in self._touchpoints:
            self._touchpoints[key] = journeys.find_touchpoint(self.session, self.workspace.workspace_id, key)
        return self._touchpoints[key]

    def journey(self, key: str) -> journeys.VersionFacts | None:
        if key not in self._journeys:
            self._journeys[key] = journeys.find_journey(self.session, self.workspace.workspace_id, key)
        return self._journeys[key]

    def weights(self, version: journeys.VersionFacts) -> dict[str, float]:
        """The places of a journey that ask now, as its asking plan weighs them."""
        if version.key not in self._weights:
            workspace_id, passed = (
                self.workspace.workspace_id,
                {touchpoint for _, touchpoint in version.stops},
            )
            may_ask = journeys.asking_touchpoints(self.session, workspace_id, passed)
            rows = surveys.bound(self.session, workspace_id, may_ask)
            asked = running_at(rows, version.key, self.now)
            at_end = asks_at_end(rows, version.key, self.now)
            self._weights[version.key] = journeys.asking.weights(version.asking, version.stops, asked, at_end)
        return self._weights[version.key]

    def draw(self, journey: str | None, instance: str | None, transaction: str | None) -> drawing.Draw | None:
        """Which step of this way through a journey asks; None where nothing links the contacts of a way."""
        version = self.journey(journey) if journey else None
        way = drawing.way_of(journey, instance, transaction)
        return drawing.Draw(way, self.weights(version)) if version and way else None

    def policy(self, survey: Standing | None) -> Policy:
        """The policy of a survey; without one, the workspace's."""
        key = survey.key if survey else ""
        if key not in self._policies:
            self._policies[key] = policies.of_survey(self.session, self.workspace.workspace_id, key)
        return self._policies[key]

    def looks_back(self, candidates: Sequence[Standing]) -> timedelta:
        """How much history the candidates' policies depend on."""
        policies = [self.policy(survey) for survey in candidates] or [self.policy(None)]
        return max(policy.looks_back for policy in policies)

    def history(self, known: Facts, survey: Standing, policy: Policy, at: datetime) -> History:
        """The contact history with the day's counts, which are read where there are caps only."""
        if not caps.is_capped(policy):
            return known.history
        day = policy.day_of(at).date()
        asked = caps.counts(self.session, self.workspace.workspace_id, survey.key, day)
        return History(known.history.contacts, *asked, at)


def take(desk: Desk, row: Trigger, from_link: bool = False) -> Entry:
    """Store and decide one trigger; where it was taken before, what was decided then."""
    session = desk.session
    if not db.insert_new(session, row):
        return _taken_before(session, row)
    candidates = desk.standing(row.touchpoint, row.journey, row.target)
    journey = row.journey or (candidates[0].journey if candidates else None)
    version, instance = _place(desk, row, journey)
    known = _facts(desk, row, candidates, journey, instance)
    known = replace(known, attributes=None) if from_link else known
    verdict, survey, policy = eligibility.choose(known, candidates, desk.policy, desk.history, desk.now)
    invitation = None
    if verdict.is_invite and survey:
        invitation = _invitation(desk, row, survey, version, instance, verdict.probability)
        verdict = _claim(desk, invitation, verdict, policy)
        invitation = invitation if verdict.is_invite else None
    decision = _decision(row, verdict, survey, instance, desk.now)
    session.add(decision)
    return Entry(decision, row, invitation)


def take_when_due(desk: Desk, invitation: Invitation) -> Verdict:
    """Decide a waiting invitation again, now that it is due: it opens, or is skipped with the reason."""
    session = desk.session
    row = session.get_one(Trigger, (invitation.workspace_id, invitation.trigger_id))
    fitting = desk.standing(invitation.touchpoint, row.journey, row.target)
    same = [survey for survey in fitting if survey.key == invitation.survey]
    known = _facts(desk, row, same, invitation.journey, invitation.journey_instance, invitation)
    known = replace(
        known, not_before=None, attributes=None, draw=None
    )  # what the trigger was like, it was judged by
    verdict, survey, policy = eligibility.choose(known, same, desk.policy, desk.history, desk.now)
    if verdict.is_invite and survey:
        invitation.survey_version, invitation.series_id = survey.version, survey.series_id
        _open(desk, invitation)
        verdict = _claim(desk, invitation, verdict, policy, is_new=False)
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


def _taken_before(session: Session, row: Trigger) -> Entry:
    session.flush()  # the same trigger may stand twice in one batch
    key = (row.workspace_id, row.trigger_id)
    stored = session.get(Trigger, key, populate_existing=True)
    decision = session.get(Decision, key, populate_existing=True)
    if stored is None or decision is None:
        raise errors.Unavailable("This trigger is being decided right now. Try again.", retry_after=1)
    _complete(session, stored, row)
    made = (
        session.get(Invitation, (row.workspace_id, decision.invitation_id))
        if decision.invitation_id
        else None
    )
    return Entry(decision, stored, made)


def _complete(session: Session, stored: Trigger, delivered: Trigger) -> None:
    """A trigger first seen through its link lacks its attributes and events; the delivery brings them."""
    if stored.attributes or stored.cancel_on:
        return
    stored.attributes, stored.cancel_on = delivered.attributes, delivered.cancel_on
    invitation = session.get(Invitation, (stored.workspace_id, stored.invitation_id))
    if invitation is not None and invitation.trigger_id == stored.trigger_id:
        invitation.attributes, invitation.cancel_on = delivered.attributes, delivered.cancel_on
    session.flush()


def _place(desk: Desk, row: Trigger, journey: str | None) -> tuple[int | None, str | None]:
    """(journey version, journey instance) that a trigger belongs to."""
    workspace_id = desk.workspace.workspace_id
    version = desk.journey(journey) if journey else None
    if version is None:
        return None, row.journey_instance
    instance = interactions.instance_for(
        desk.session, workspace_id, version.key, row.customer, row.journey_instance, row.occurred_at, version
    )
    if row.customer is None and instance is not None:
        facts.hold_instance(desk.session, workspace_id, version.key, instance)
    return version.version, instance


def _facts(
    desk: Desk,
    row: Trigger,
    candidates: list[Standing],
    journey: str | None,
    instance: str | None,
    again: Invitation | None = None,
) -> Facts:
    session, workspace_id = desk.session, desk.workspace.workspace_id
    touchpoint = desk.touchpoint(row.touchpoint)
    since = desk.now - desk.looks_back(candidates)
    past = facts.past(session, row, journey, instance, since, again.invitation_id if again else None)
    subject = desk.subjects.get(row.customer or "")
    return Facts(
        touchpoint_known=touchpoint is not None,
        feedback_enabled=touchpoint is not None and touchpoint.feedback_enabled,
        opted_out=subject is not None and subject.opted_out_at is not None,
        consents=subjects.consented(subject),
        channel=row.channel,
        persona=row.persona,
        locale=row.locale,
        attributes=row.attributes,
        cancelled_by="an erasure"
        if row.trigger_id in desk.erased
        else facts.cancelled_by(session, row, journey, instance),
        same_transaction=past.same_transaction,
        asked_in_instance=past.asked_in_instance,
        draw=desk.draw(journey, instance, row.transaction),
        place=row.touchpoint,
        history=History(past.contacts),
        subject=sampling.subject_of(workspace_id, row.customer, instance, row.transaction, row.trigger_id),
        not_before=row.not_before,
    )


def _invitation(
    desk: Desk, row: Trigger, survey: Standing, version: int | None, instance: str | None, probability: float
) -> Invitation:
    invitation = Invitation(
        workspace_id=row.workspace_id,
        invitation_id=row.invitation_id,
        trigger_id=row.trigger_id,
        source="solicited",
        target=survey.target,
        touchpoint=row.touchpoint,
        journey=row.journey or survey.journey,
        journey_version=version,
        journey_instance=instance,
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
        probability=probability,
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


def _claim(
    desk: Desk, invitation: Invitation, verdict: Verdict, policy: Policy, is_new: bool = True
) -> Verdict:
    """Make the invitation stand, under its transaction and the day's caps; else the reason why it cannot."""
    if is_new and not db.insert_new(desk.session, invitation):
        return Verdict("skip", "same_transaction", "one invitation per transaction")
    if invitation.state != "open" or not caps.is_capped(policy):
        return verdict
    day = policy.day_of(desk.now)
    if caps.claim(desk.session, desk.workspace.workspace_id, invitation.survey, day.date(), policy):
        return verdict
    if is_new:
        _take_back(desk.session, invitation)
    return Verdict("skip", "cap", "the day's last place was just taken", policy.next_day(desk.now))


def _take_back(session: Session, invitation: Invitation) -> None:
    stored = session.get_one(Invitation, (invitation.workspace_id, invitation.invitation_id))
    session.delete(stored)
    session.flush()


def _decision(
    row: Trigger, verdict: Verdict, survey: Standing | None, instance: str | None, now: datetime
) -> Decision:
    return Decision(
        workspace_id=row.workspace_id,
        trigger_id=row.trigger_id,
        decision=verdict.decision,
        reason=verdict.reason,
        rule=verdict.rule,
        next_eligible_at=verdict.next_eligible_at,
        invitation_id=row.invitation_id if verdict.is_invite else None,
        survey=survey.key if survey else None,
        survey_version=survey.version if survey else None,
        journey_instance=instance,
        earlier=[],
        decided_at=now,
    )


def _as_json(decision: Decision) -> dict[str, Any]:
    names = ("decision", "reason", "rule")
    kept: dict[str, Any] = {name: getattr(decision, name) for name in names}
    return {**kept, "decided_at": clock.iso(decision.decided_at)}
