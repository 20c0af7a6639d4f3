"""Where triggers of one workspace are decided in one transaction; definitions are read once per desk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from collector import journeys, surveys, workspaces
from collector.communities.runs import Seat
from collector.contact import Policy
from collector.invitations import caps, drawing, facts, policies, seating, subjects
from collector.invitations.clocks import History
from collector.invitations.eligibility import NO_SEATS, Facts
from collector.invitations.facts import Known, Placed
from collector.invitations.models import Trigger
from collector.invitations.seating import Seating
from collector.invitations.subjects import Held
from collector.surveys import Standing, asks_at_end, fitting, running_at


@dataclass
class Desk:
    """The customers, definitions and places at hand while a batch is decided; ``source`` is what its invitations are.

    ``undone``: when transactions were cancelled, where that was looked for already.
    """

    session: Session
    workspace: workspaces.Company
    now: datetime
    source: str = "solicited"
    subjects: dict[str, Held] = field(default_factory=dict)
    erased: set[uuid.UUID] = field(default_factory=set)
    undone: dict[str, datetime] | None = None
    places: caps.Places = field(init=False)
    _standing: dict[tuple[str | None, ...], list[Standing]] = field(default_factory=dict)
    _seating: dict[str, Seating] = field(default_factory=dict)
    _touchpoints: dict[str, journeys.TouchpointFacts | None] = field(default_factory=dict)
    _journeys: dict[str, journeys.VersionFacts | None] = field(default_factory=dict)
    _weights: dict[str, dict[str, float]] = field(default_factory=dict)
    _policies: dict[str, Policy] = field(default_factory=dict)
    _backs: dict[tuple[str, ...], timedelta] = field(default_factory=dict)
    _only: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        today = self.policy(None).day_of(self.now).date()
        self.places = caps.Places(self.session, self.workspace.workspace_id, today)

    def hold(self, customers: set[str]) -> None:
        """Lock these customers until the transaction ends."""
        self.subjects |= subjects.hold(self.session, self.workspace.workspace_id, customers, self.now)

    def known(self, placed: Sequence[Placed], since: datetime) -> Known:
        """What stands in the database about these triggers."""
        return facts.read(self.session, self.workspace.workspace_id, placed, since, self.undone)

    def standing(
        self, touchpoint: str, journey: str | None, target: str | None, also: str | None = None
    ) -> list[Standing]:
        """The surveys that may be asked there, a run's first; ``also`` in any case."""
        key = (touchpoint, journey, target, also)
        if key not in self._standing:
            rows = surveys.bound(self.session, self.workspace.workspace_id, [touchpoint])
            rows = self.seating(touchpoint).may_ask(rows, also)
            self._standing[key] = fitting(rows, journey, self.now, target)
        return self._standing[key]

    def seating(self, touchpoint: str) -> Seating:
        """The community runs that ask at a touchpoint."""
        if touchpoint not in self._seating:
            known = seating.at(self.session, self.workspace.workspace_id, touchpoint, self.now)
            self._seating[touchpoint] = known
        return self._seating[touchpoint]

    def seats(
        self, row: Trigger, drawn: str, attributes: Mapping[str, Any] | None, again: uuid.UUID | None
    ) -> Mapping[str, Seat]:
        """A customer's place in each run that asks there."""
        known = self.seating(row.touchpoint)
        if not known.runs:
            return NO_SEATS
        asked = seating.asked_by(self.session, known, row.workspace_id, row.customer, again)
        return known.but(asked).of(row.customer, drawn, attributes)

    def touchpoint(self, key: str) -> journeys.TouchpointFacts | None:
        if key not in self._touchpoints:
            self._touchpoints[key] = journeys.find_touchpoint(self.session, self.workspace.workspace_id, key)
        return self._touchpoints[key]

    def journey(self, key: str) -> journeys.VersionFacts | None:
        if key not in self._journeys:
            self._journeys[key] = journeys.find_journey(self.session, self.workspace.workspace_id, key)
        return self._journeys[key]

    def way(self, touchpoint: str, journey: str | None, candidates: Sequence[Standing]) -> str | None:
        """The journey that a trigger belongs to: the one it names, else its first survey's, else the only one there."""
        if journey:
            return journey
        if self._only is None:
            self._only = journeys.only_journeys(self.session, self.workspace.workspace_id)
        return surveys.journey_at(candidates, self._only.get(touchpoint))

    def weights(self, version: journeys.VersionFacts) -> dict[str, float]:
        """The places of a journey that ask now, as its asking plan weighs them."""
        if version.key not in self._weights:
            passed = {touchpoint for _, touchpoint in version.stops}
            may_ask = {key for key in passed if (found := self.touchpoint(key)) and found.feedback_enabled}
            rows = surveys.bound(self.session, self.workspace.workspace_id, may_ask)
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
        keys = tuple([survey.key for survey in candidates])
        if keys not in self._backs:
            policies = [self.policy(survey) for survey in candidates] or [self.policy(None)]
            self._backs[keys] = max(policy.looks_back for policy in policies)
        return self._backs[keys]

    def hold_places(self, candidates: Iterable[Standing]) -> None:
        """Lock today's counts of the surveys that have daily caps."""
        capped = {survey.key for survey in candidates if caps.is_capped(self.policy(survey))}
        if capped:
            self.places.hold(capped)

    def history(self, known: Facts, survey: Standing, policy: Policy, at: datetime) -> History:
        """The contact history with the day's counts, which are read where there are caps only."""
        if not caps.is_capped(policy):
            return known.history
        asked = self.places.asked(survey.key, policy.day_of(at).date())
        return History(known.history.contacts, *asked, at)
