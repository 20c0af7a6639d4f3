"""What the collector would have stored: triggers with their decisions, invitations, answers, interactions.

Pure apart from its random generator: the same seed, time, scale and workspace give the same rows.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from collector import signing
from collector.demo import comments, people, story
from collector.demo.people import Trip, Visit
from collector.demo.story import Stop

Row = tuple[str, dict[str, Any]]
"""Table name and columns."""

LIFETIME = timedelta(days=30)
GOALS = ("no", "partly", "yes")
KIND_OF_PAGE = {"web": "inline", "app": "sheet", "in_person": "hosted", "chat": "inline"}
PROBLEMS_IN = {"line-activated": 1.0, "technician-visit": 0.3, "welcome-letter": 0.4, "first-bill": 0.7}
"""How much a botched activation still weighs at a later touchpoint."""


@dataclass(frozen=True)
class Asked:
    """A published survey, as far as a row needs it."""

    survey: str
    version: int
    series_id: uuid.UUID
    metric: str


@dataclass(frozen=True)
class Setting:
    """The workspace that the rows are for."""

    workspace_id: uuid.UUID
    pseudonym_key: bytes
    surveys: Mapping[str, Asked]
    journey_versions: Mapping[str, int]


@dataclass
class Sample:
    """Generates the rows; remembers whom it asked, as the contact rules do."""

    setting: Setting
    now: datetime
    seed: int = 7
    scale: float = 1.0
    rng: Random = field(init=False)
    asked_at: dict[str, datetime] = field(default_factory=dict, init=False)
    asked_on: set[str] = field(default_factory=set, init=False)
    pseudonyms: dict[str, str] = field(default_factory=dict, init=False)
    orders: int = field(default=40_000, init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    def rows(self) -> Iterator[Row]:
        """All rows of the last 90 days; a row stands behind those it refers to."""
        found = people.visits(self.rng, self.now, self.scale)
        first = self.now - timedelta(days=story.DAYS)
        yield from self._instances([visit for visit in found if visit.at >= first])
        for visit in found:
            if visit.at >= first:
                yield from self._visit(visit)
            elif visit.stop.survey:
                self._decide(visit)

    def _instances(self, shown: list[Visit]) -> Iterator[Row]:
        spans: dict[str, list[Visit]] = {}
        for visit in shown:
            spans.setdefault(visit.trip.instance, []).append(visit)
        met: set[str] = set()
        for instance, found in spans.items():
            trip = found[0].trip
            customer = self._pseudonym(trip.customer.name)
            if customer not in met:
                met.add(customer)
                yield "subject", self._subject(customer, trip, found[0].at)
            yield (
                "journey_instance",
                {
                    **self._place(trip),
                    "instance_id": instance,
                    "customer": customer,
                    "started_at": found[0].at,
                    "last_at": found[-1].at,
                },
            )

    def _visit(self, visit: Visit) -> Iterator[Row]:
        self.orders += 1
        contact = self._contact(visit)
        if visit.stop.survey is None:
            yield "interaction", self._interaction(visit, contact)
            return
        trigger_id = self._id(visit.at)
        invitation_id = signing.invitation_id(
            self.setting.pseudonym_key, visit.stop.touchpoint, visit.trip.way.journey, contact["transaction"]
        )
        reason, rule, eligible_at = self._decide(visit)
        invited = reason == "invited"
        if not invited and visit.at < self.now - timedelta(days=story.SKIPS_KEPT):
            return
        yield "trigger", self._trigger(visit, contact, trigger_id, invitation_id)
        yield (
            "decision",
            self._decision(visit, trigger_id, invitation_id if invited else None, reason, rule, eligible_at),
        )
        if invited:
            yield from self._invitation(visit, contact, trigger_id, invitation_id)

    def _decide(self, visit: Visit) -> tuple[str, str | None, datetime | None]:
        """As the contact rules would: reason, rule, next eligible time."""
        trip, stop = visit.trip, visit.stop
        last = self.asked_at.get(trip.customer.name)
        rest = timedelta(days=story.QUARANTINE_DAYS)
        if trip.customer.opted_out:
            return "opted_out", "the customer asked not to be asked", None
        if trip.instance in self.asked_on:
            return "same_journey_instance", "one ask per journey instance", None
        if last is not None and visit.at < last + rest:
            return "quarantine", f"one ask in {story.QUARANTINE_DAYS} days", last + rest
        if self.rng.random() > stop.asked:
            return "sampled_out", f"sample of {stop.asked:.0%}", None
        self.asked_at[trip.customer.name] = visit.at
        self.asked_on.add(trip.instance)
        return "invited", None, None

    def _invitation(
        self, visit: Visit, contact: dict[str, Any], trigger_id: uuid.UUID, invitation_id: uuid.UUID
    ) -> Iterator[Row]:
        answered_at = self._answered_at(visit)
        seen = answered_at or (visit.at + timedelta(minutes=2) if self.rng.random() < 0.55 else None)
        dismissed = answered_at is None and seen is not None and self.rng.random() < 0.4
        place = {
            **self._place(visit.trip),
            **self._series(visit.stop),
            **{name: contact[name] for name in ("touchpoint", "journey_instance", "customer", "transaction", "channel", "persona", "attributes")},
            "locale": visit.trip.customer.locale,
            "invitation_id": invitation_id,
            "probability": visit.stop.asked,
            "source": "solicited",
        }  # fmt: skip
        yield (
            "invitation",
            {
                **place,
                "trigger_id": trigger_id,
                "state": "answered" if answered_at else "declined" if dismissed else "open",
                "not_before": None,
                "expires_at": visit.at + LIFETIME,
                "created_at": visit.at,
                "shown_at": seen,
                "ended_at": answered_at or (seen if dismissed else None),
            },
        )
        if answered_at:
            yield "response", self._response(visit, place, answered_at)

    def _answered_at(self, visit: Visit) -> datetime | None:
        stop, customer = visit.stop, visit.trip.customer
        willing = stop.answers * (
            0.7 if customer.persona == "senior" and stop.channel in {"web", "app"} else 1.0
        )
        if self.rng.random() > willing:
            return None
        hours = self.rng.expovariate(1 / story.ANSWER_DELAY[stop.channel])
        at = visit.at + timedelta(seconds=round(8 + 3600 * min(hours, 300)))
        return at if at <= self.now else None

    def _response(self, visit: Visit, place: dict[str, Any], at: datetime) -> dict[str, Any]:
        metric = place_metric = self.setting.surveys[visit.stop.survey or ""].metric
        score = self._score(visit, metric)
        said = self._comment(visit, metric, score)
        answer = GOALS[score] if metric == "goal" else score
        return {
            **place,
            "response_id": self._id(at),
            "respondent": "customer",
            "metric": place_metric,
            "variant": None,
            "context": {"mode": KIND_OF_PAGE.get(visit.stop.channel, "hosted"), "layout": "horizontal"},
            "answers": {"score": answer} if said is None else {"score": answer, "comment": said},
            "score": score,
            "comment": said,
            "complete": True,
            "occurred_at": at,
            "day": at.date(),
            "received_at": at,
            "updated_at": at,
            "counted_at": None,
        }

    def _score(self, visit: Visit, metric: str) -> int:
        bad, good = story.BAD_AND_GOOD[metric]
        quality = min(max(self._quality(visit), 0.0), 1.0)
        weights = [low + (high - low) * quality for low, high in zip(bad, good, strict=True)]
        score = self.rng.choices(range(len(weights)), weights)[0]
        return score + (metric in {"csat", "ces"})

    def _quality(self, visit: Visit) -> float:
        trip, stop = visit.trip, visit.stop
        days_ago = (self.now - visit.at) / timedelta(days=1)
        quality = stop.quality + stop.better * (1 - days_ago / story.DAYS) + trip.customer.mood
        if trip.way is story.FIRST_ORDER:
            trouble = 0.8 if trip.wrong_tariff else 0.36 + 0.04 * trip.days_late if trip.days_late else 0.0
            quality -= trouble * PROBLEMS_IN.get(stop.touchpoint, 0.0)
        if trip.way is story.REPAIR and trip.fault_returns and stop.theme == "repair":
            quality -= 0.42
        if stop.touchpoint == "hotline":
            quality -= 0.1 * (trip.customer.persona == "shopkeeper") + 0.16 * (
                math.floor(days_ago) in story.STORM
            )
        return quality

    def _comment(self, visit: Visit, metric: str, score: int) -> str | None:
        trip, mood, theme = visit.trip, comments.band(metric, score), visit.stop.theme
        if visit.stop.touchpoint == "line-activated" and mood != "good":
            theme = "wrong-tariff" if trip.wrong_tariff else "late" if trip.days_late else theme
        facts = comments.Facts(
            trip.tariff, trip.days_late or self.rng.randint(2, 6), self.rng.choice((12, 15, 20, 25, 35, 40))
        )
        return comments.comment(self.rng, theme, trip.customer.locale, mood, facts)

    def _contact(self, visit: Visit) -> dict[str, Any]:
        trip = visit.trip
        return {
            "workspace_id": self.setting.workspace_id,
            "touchpoint": visit.stop.touchpoint,
            "journey": trip.way.journey,
            "journey_instance": trip.instance,
            "customer": self._pseudonym(trip.customer.name),
            "transaction": f"t-{self.orders}",
            "channel": visit.stop.channel,
            "persona": trip.customer.persona,
            "attributes": _attributes(trip, visit.stop),
        }

    def _interaction(self, visit: Visit, contact: dict[str, Any]) -> dict[str, Any]:
        return {
            **contact,
            "interaction_id": self._id(visit.at),
            "event": "step",
            "known_touchpoint": True,
            "occurred_at": visit.at,
            "received_at": visit.at,
        }

    def _trigger(
        self, visit: Visit, contact: dict[str, Any], trigger_id: uuid.UUID, invitation_id: uuid.UUID
    ) -> dict[str, Any]:
        return {
            **contact,
            "trigger_id": trigger_id,
            "invitation_id": invitation_id,
            "locale": visit.trip.customer.locale,
            "cancel_on": [],
            "not_before": None,
            "expires_at": visit.at + LIFETIME,
            "occurred_at": visit.at,
            "received_at": visit.at,
        }

    def _decision(
        self,
        visit: Visit,
        trigger_id: uuid.UUID,
        invitation_id: uuid.UUID | None,
        reason: str,
        rule: str | None,
        eligible_at: datetime | None,
    ) -> dict[str, Any]:
        asked = self.setting.surveys[visit.stop.survey or ""]
        return {
            "workspace_id": self.setting.workspace_id,
            "trigger_id": trigger_id,
            "decision": "invite" if invitation_id else "skip",
            "reason": reason,
            "rule": rule,
            "next_eligible_at": eligible_at,
            "invitation_id": invitation_id,
            "survey": asked.survey,
            "survey_version": asked.version,
            "decided_at": visit.at,
        }

    def _subject(self, customer: str, trip: Trip, at: datetime) -> dict[str, Any]:
        return {
            "workspace_id": self.setting.workspace_id,
            "customer": customer,
            "opted_out_at": at if trip.customer.opted_out else None,
            "consents": {},
            "created_at": at,
        }

    def _place(self, trip: Trip) -> dict[str, Any]:
        journey = trip.way.journey
        version = self.setting.journey_versions[journey]
        return {"workspace_id": self.setting.workspace_id, "journey": journey, "journey_version": version}

    def _series(self, stop: Stop) -> dict[str, Any]:
        asked = self.setting.surveys[stop.survey or ""]
        return {"survey": asked.survey, "survey_version": asked.version, "series_id": asked.series_id}

    def _pseudonym(self, name: str) -> str:
        if name not in self.pseudonyms:
            self.pseudonyms[name] = signing.pseudonym(self.setting.pseudonym_key, name)
        return self.pseudonyms[name]

    def _id(self, at: datetime) -> uuid.UUID:
        """A UUID version 7 of that time, from the seeded generator."""
        value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | self.rng.getrandbits(12) << 64
        return uuid.UUID(int=value | 0b10 << 62 | self.rng.getrandbits(62))


def _attributes(trip: Trip, stop: Stop) -> dict[str, Any]:
    if trip.way is not story.FIRST_ORDER or stop.touchpoint in {"tariff-page", "shop-advice"}:
        return {"region": trip.region}
    known = {"tariff": trip.tariff, "region": trip.region}
    if stop.touchpoint == "order-confirmed":
        return known
    return {**known, "wrong_tariff": trip.wrong_tariff, "days_late": trip.days_late}
