"""The ninety days: who is asked, who answers, how it went for them, and the rows that the collector would have written.

Pure apart from its random generator: the same seed, time, scale and workspace give the same rows.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from collector.demo import comments, people, story
from collector.demo.people import Visit
from collector.demo.records import Contact, Records, Setting, Verdict, drawn
from collector.journeys import END

Row = tuple[str, dict[str, Any]]
"""Table name and columns."""

FIRST_TRANSACTION = 40_000
PROBLEMS_IN = {"line-activated": 1.0, "technician-visit": 0.3, "first-bill": 0.35}
"""How much a botched activation weighs at this and at later touchpoints."""


@dataclass
class Sample:
    """Generates the rows; remembers whom it asked, as the contact rules do."""

    setting: Setting
    now: datetime
    seed: int = 7
    scale: float = 1.0
    rng: Random = field(init=False)
    records: Records = field(init=False)
    asked_at: dict[str, datetime] = field(default_factory=dict, init=False)
    asked_on: set[str] = field(default_factory=set, init=False)
    transactions: int = field(default=FIRST_TRANSACTION, init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.records = Records(self.setting)

    @property
    def first(self) -> datetime:
        """The midnight on which the ninety days begin; today is the last of them."""
        day = self.now - timedelta(days=story.DAYS - 1)
        return day.replace(hour=0, minute=0, second=0, microsecond=0)

    def rows(self) -> Iterator[Row]:
        """All rows of the ninety days; a row stands behind those it refers to."""
        found = people.visits(self.rng, self.now, self.scale)
        yield from self._people(found)
        first, kept = self.first, self.now - timedelta(days=story.SKIPS_KEPT)
        for visit in found:
            asking = _asking(visit)
            if visit.at >= first:
                yield from self._visit(asking, kept)
            elif asking.stop.survey:
                self._decide(asking)

    def _people(self, visits: list[Visit]) -> Iterator[Row]:
        """Everybody of whom something is shown; a way may have begun before."""
        ways: dict[str, list[Visit]] = {}
        for visit in visits:
            ways.setdefault(visit.trip.instance, []).append(visit)
        met: set[str] = set()
        for found in ways.values():
            trip = found[0].trip
            if found[-1].at < self.first:
                continue
            if trip.customer.name not in met:
                met.add(trip.customer.name)
                yield "subject", self.records.subject(trip, found[0].at)
            yield "journey_instance", self.records.instance(trip, found[0].at, found[-1].at)

    def _visit(self, visit: Visit, skips_kept_from: datetime) -> Iterator[Row]:
        self.transactions += 1
        contact = Contact(visit, self._id(visit.at), f"t-{self.transactions}")
        if visit.stop.known:
            yield "interaction", self.records.interaction(contact)
        if visit.stop.survey is None and visit.stop.known:
            return
        verdict = self._decide(visit)
        if verdict.invited or visit.at >= skips_kept_from:
            yield "trigger", self.records.trigger(contact)
            yield "decision", self.records.decision(contact, verdict)
        if verdict.invited:
            yield from self._asked(contact)

    def _decide(self, visit: Visit) -> Verdict:
        """As the contact rules would."""
        customer, instance, stop = visit.trip.customer, visit.trip.instance, visit.stop
        last = self.asked_at.get(customer.name)
        rest = timedelta(days=story.QUARANTINE_DAYS)
        if not stop.known:
            return Verdict("unknown_touchpoint", "the touchpoint is in no journey file")
        if customer.opted_out:
            return Verdict("opted_out", "the customer asked not to be asked")
        if instance in self.asked_on:
            return Verdict("same_journey_instance", "at most 1 asked on one way through a journey")
        draw = drawn(visit.trip)
        if not draw.takes(stop.place):
            share = draw.probability(stop.place)
            return Verdict("other_step", f"this step is drawn for {share:.0%} of the ways")
        if last is not None and visit.at < last + rest:
            return Verdict("quarantine", f"at most 1 asks in {story.QUARANTINE_DAYS} days", last + rest)
        self.asked_at[customer.name] = visit.at
        self.asked_on.add(instance)
        return Verdict("invited")

    def _asked(self, contact: Contact) -> Iterator[Row]:
        visit = contact.visit
        answered_at = self._answered_at(visit)
        seen = visit.at + timedelta(minutes=2) if self.rng.random() < story.SEEN else None
        declined = answered_at is None and seen is not None and self.rng.random() < story.DECLINED
        shown_at = min(answered_at, visit.at + timedelta(minutes=2)) if answered_at else seen
        yield "invitation", self.records.invitation(contact, shown_at, answered_at, declined)
        if answered_at:
            score = self._score(visit)
            said = self._comment(visit, score)
            yield "response", self.records.response(contact, self._id(answered_at), score, said, answered_at)

    def _answered_at(self, visit: Visit) -> datetime | None:
        stop, customer = visit.stop, visit.trip.customer
        shy = customer.persona == "senior" and stop.channel in {"web", "app"}
        if self.rng.random() > stop.answers * (0.7 if shy else 1.0):
            return None
        hours = self.rng.expovariate(1 / story.ANSWER_DELAY[stop.channel])
        at = visit.at + timedelta(seconds=round(8 + 3600 * min(hours, 300)))
        return at if at <= self.now else None

    def _score(self, visit: Visit) -> int:
        """One of the metric's scores, the better the way went the likelier a high one."""
        metric = self.records.survey(visit).metric
        bad, good = story.BAD_AND_GOOD[metric]
        quality = min(max(self._quality(visit), 0.0), 1.0)
        weights = [low + (high - low) * quality for low, high in zip(bad, good, strict=True)]
        return self.rng.choices(range(len(weights)), weights)[0] + story.LOWEST.get(metric, 0)

    def _quality(self, visit: Visit) -> float:
        trip, stop = visit.trip, visit.stop
        days_ago = (self.now - visit.at) / timedelta(days=1)
        usual = story.QUALITY_SINCE_UPDATE if self._is_broken(visit) else stop.quality
        quality = usual + stop.better * (1 - days_ago / story.DAYS) + trip.customer.mood
        if trip.way is story.FIRST_ORDER:
            trouble = 0.85 if trip.wrong_tariff else 0.4 + 0.04 * trip.days_late if trip.days_late else 0.0
            quality -= trouble * PROBLEMS_IN.get(stop.touchpoint, 0.0)
        if trip.way is story.REPAIR and trip.fault_returns and stop.theme == "repair":
            quality -= 0.4
        if stop.touchpoint == "hotline":
            quality -= 0.1 * (trip.customer.persona == "shopkeeper") + 0.16 * (
                math.floor(days_ago) in story.STORM
            )
        return quality

    def _is_broken(self, visit: Visit) -> bool:
        """Whether it lies behind the update that broke this touchpoint."""
        days_ago = math.floor((self.now - visit.at) / timedelta(days=1))
        return visit.stop.touchpoint == story.UPDATED and days_ago in story.UPDATE

    def _comment(self, visit: Visit, score: int) -> str | None:
        trip, theme = visit.trip, visit.stop.theme
        mood = comments.band(self.records.survey(visit).metric, score)
        if visit.stop.touchpoint == "line-activated" and mood != "good":
            theme = "wrong-tariff" if trip.wrong_tariff else "late" if trip.days_late else theme
        if mood == "bad" and self._is_broken(visit):
            theme = "app-update"
        days = trip.days_late or self.rng.randint(2, 6)
        facts = comments.Facts(trip.tariff, days, self.rng.choice(story.MINUTES))
        return comments.comment(self.rng, theme, trip.customer.locale, mood, facts)

    def _id(self, at: datetime) -> uuid.UUID:
        """A UUID version 7 of that time, from the seeded generator."""
        value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | self.rng.getrandbits(12) << 64
        return uuid.UUID(int=value | 0b10 << 62 | self.rng.getrandbits(62))


def _asking(visit: Visit) -> Visit:
    """The visit as it would ask: at the last stop of a way that drew the journey's end, about the whole journey."""
    way = visit.trip.way
    is_last = visit.stop.touchpoint == way.stops[-1].touchpoint
    return visit._replace(stop=way.end) if is_last and drawn(visit.trip).takes(END) else visit
