"""What a policy would have done: stored triggers played again through the same engine, in memory and in their order.

Pure: a ``World`` holds what stood before and how things stand; each ``Event`` is a trigger as it came. Somebody who
was really asked then does here what they did then; somebody who was not is taken to stay silent.
"""

from __future__ import annotations

import heapq
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from collector.contact import Policy
from collector.invitations import drawing, eligibility, sampling
from collector.invitations.clocks import Contact, History
from collector.invitations.eligibility import Facts, Verdict
from collector.journeys import Asking, Stop, weights
from collector.surveys import Bound, Standing, asks_at_end, fitting, journey_at, running_at


@dataclass(frozen=True)
class Event:
    """A trigger as it came; ``cancelled_at`` and ``cancelled_by`` say when and by what it was overtaken.

    ``is_undone``: its transaction was taken back, which also ends an ask that nobody has answered.
    """

    trigger_id: uuid.UUID
    at: datetime
    touchpoint: str
    journey: str | None = None
    instance: str | None = None
    customer: str | None = None
    transaction: str | None = None
    target: str | None = None
    channel: str | None = None
    persona: str | None = None
    locale: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
    is_undone: bool = False


@dataclass(frozen=True)
class Ask:
    """One time somebody was asked, with what became of it in the end."""

    survey: str
    asked_at: datetime
    channel: str | None = None
    outcome: str = "ignored"
    shown_at: datetime | None = None
    ended_at: datetime | None = None

    def as_seen(self, at: datetime) -> Contact | None:
        """The contact as it stood at a time; None where it was taken back unseen."""
        ended = self.ended_at if self.ended_at is not None and self.ended_at <= at else None
        if self.outcome == "cancelled":
            if ended and self.shown_at is None:
                return None
            ended = None
        outcome = self.outcome if ended else "ignored"
        seen = self.shown_at if self.shown_at is not None and self.shown_at <= at else None
        since = max(self.asked_at, ended or seen or self.asked_at)
        return Contact(self.survey, self.asked_at, since, outcome, self.channel)


@dataclass
class World:
    """How things stand while the triggers are played; ``really`` is what became of those who were asked then."""

    workspace_id: uuid.UUID
    enabled: Mapping[str, bool]
    surveys: Mapping[str, Sequence[Bound]]
    policy_of: Callable[[Standing | None], Policy]
    plans: Mapping[str, tuple[Asking, Sequence[Stop]]] = field(default_factory=dict)
    only_journeys: Mapping[str, str] = field(default_factory=dict)
    really: Mapping[uuid.UUID, Ask] = field(default_factory=dict)
    opted_out: Mapping[str, datetime] = field(default_factory=dict)
    consents: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asks: dict[str, list[Ask]] = field(default_factory=lambda: defaultdict(list))
    instances: dict[tuple[str | None, str], list[Ask]] = field(default_factory=lambda: defaultdict(list))
    transactions: set[str] = field(default_factory=set)
    counts: Counter[tuple[str, date]] = field(default_factory=Counter)
    _weights: dict[tuple[str, date], dict[str, float]] = field(default_factory=dict)

    def draw(self, journey: str | None, event: Event, at: datetime) -> drawing.Draw | None:
        """Which step of the event's way asks; surveys that begin or end count from their day on."""
        way = drawing.way_of(journey, event.instance, event.transaction)
        if way is None or journey is None or journey not in self.plans:
            return None
        key = journey, at.date()
        if key not in self._weights:
            plan, stops = self.plans[journey]
            passed = {touchpoint for _, touchpoint in stops if self.enabled.get(touchpoint)}
            rows = [row for touchpoint in passed for row in self.surveys.get(touchpoint, ())]
            self._weights[key] = weights(
                plan, stops, running_at(rows, journey, at), asks_at_end(rows, journey, at)
            )
        return drawing.Draw(way, self._weights[key])


@dataclass(frozen=True)
class Outcome:
    """What the policy does with one trigger in the end."""

    event: Event
    verdict: Verdict
    survey: str | None = None
    asked_at: datetime | None = None


def play(world: World, events: Iterable[Event], until: datetime | None = None) -> list[Outcome]:
    """Play triggers in the order they came, each delayed one again when due; one outcome per trigger.

    What is due behind ``until`` stays scheduled.
    """
    outcomes: dict[uuid.UUID, Outcome] = {}
    due: list[tuple[datetime, int, Event, str]] = []
    for number, event in enumerate(events):
        _play_due(world, due, event.at, outcomes)
        outcome = _first_time(world, event)
        outcomes[event.trigger_id] = outcome
        if outcome.verdict.reason == "scheduled" and event.not_before and outcome.survey:
            heapq.heappush(due, (event.not_before, number, event, outcome.survey))
    _play_due(world, due, until, outcomes)
    return list(outcomes.values())


def _play_due(
    world: World,
    due: list[tuple[datetime, int, Event, str]],
    until: datetime | None,
    outcomes: dict[uuid.UUID, Outcome],
) -> None:
    while due and (until is None or due[0][0] <= until):
        at, _number, event, survey = heapq.heappop(due)
        outcomes[event.trigger_id] = _when_due(world, event, survey, at)


def _first_time(world: World, event: Event) -> Outcome:
    candidates = _surveys(world, event, event.at)
    journey = _journey(world, event, candidates)
    known = _facts(world, event, journey, event.at)
    known = known._replace(same_transaction=event.transaction in world.transactions)
    outcome = _ask(world, event, known, candidates, journey, event.at)
    was_made = (
        outcome.verdict.is_invite or outcome.asked_at is not None
    )  # one taken back later stands there too
    if was_made and event.transaction:
        world.transactions.add(event.transaction)
    return outcome


def _when_due(world: World, event: Event, survey: str, at: datetime) -> Outcome:
    same = [standing for standing in _surveys(world, event, at) if standing.key == survey]
    journey = _journey(world, event, same)
    known = _facts(world, event, journey, at)._replace(not_before=None, attributes=None, draw=None)
    return _ask(world, event, known, same, journey, at)


def _journey(world: World, event: Event, candidates: Sequence[Standing]) -> str | None:
    """The journey that an event belongs to, as ``Desk.way`` has it."""
    return event.journey or journey_at(candidates, world.only_journeys.get(event.touchpoint))


def _surveys(world: World, event: Event, at: datetime) -> list[Standing]:
    return fitting(world.surveys.get(event.touchpoint, ()), event.journey, at, event.target)


def _ask(
    world: World, event: Event, known: Facts, candidates: list[Standing], journey: str | None, at: datetime
) -> Outcome:
    def counted(facts: Facts, survey: Standing, policy: Policy, when: datetime) -> History:
        day = policy.day_of(when).date()
        asked = world.counts["", day], world.counts[survey.key, day]
        return History(facts.history.contacts, *asked, when)

    verdict, survey, policy = eligibility.choose(known, candidates, world.policy_of, counted, at)
    if survey is None or verdict.reason != "invited":
        return Outcome(event, verdict, survey.key if survey else None)
    ask = _what_followed(world, event, survey.key, at)
    if event.customer:
        world.asks[event.customer].append(ask)
    if event.instance:
        world.instances[journey, event.instance].append(ask)
    day = policy.day_of(at).date()
    world.counts.update([("", day), (survey.key, day)])
    if ask.outcome == "cancelled":
        verdict = Verdict("skip", "cancelled", "taken back, as it was then")
    return Outcome(event, verdict, survey.key, at)


def _what_followed(world: World, event: Event, survey: str, at: datetime) -> Ask:
    then = world.really.get(event.trigger_id)
    if then is None or (then.ended_at is not None and then.ended_at < at):
        if event.is_undone:
            return Ask(survey, at, event.channel, "cancelled", ended_at=event.cancelled_at)
        return Ask(survey, at, event.channel)
    return replace(then, survey=survey, asked_at=at, channel=event.channel)


def _facts(world: World, event: Event, journey: str | None, at: datetime) -> Facts:
    customer = event.customer or ""
    contacts = [contact for ask in world.asks.get(customer, ()) if (contact := ask.as_seen(at))]
    instances = world.instances.get((journey, event.instance), ()) if event.instance else ()
    overtaken = event.cancelled_at is not None and event.cancelled_at <= at
    objected = world.opted_out.get(customer)
    return Facts(
        touchpoint_known=event.touchpoint in world.enabled,
        feedback_enabled=world.enabled.get(event.touchpoint, False),
        opted_out=objected is not None and objected <= at,
        consents=world.consents.get(customer, frozenset()),
        channel=event.channel,
        persona=event.persona,
        locale=event.locale,
        attributes=event.attributes,
        cancelled_by=event.cancelled_by if overtaken else None,
        asked_in_instance=sum(ask.as_seen(at) is not None for ask in instances),
        draw=world.draw(journey, event, at),
        place=event.touchpoint,
        history=History(contacts),
        subject=sampling.subject_of(
            world.workspace_id, event.customer, event.instance, event.transaction, event.trigger_id
        ),
        not_before=event.not_before,
    )
