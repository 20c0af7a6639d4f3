"""The one engine of verdicts: what a page, a call or a message may state as a fact about a journey.

Every statement compares answers to one question, the journey's leading metric, with at least 30 on both sides, among
all the pairs that are looked at together (see ``statistics.families``). Seven eighths of the 5 % are for the
journey's own families, so that a board, which looks at no channels, states the same; the rest is for channels and for
groups of customers (see ``parts``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from collector import journeys
from collector.kpis import parts
from collector.kpis.metrics import METRICS, Metric
from collector.kpis.parts import Place as Place
from collector.kpis.parts import Subject as Subject
from collector.kpis.parts import group as group
from collector.kpis.said import AtTouchpoints, Said, Window, by_journey, leading_metric, of_its_own
from collector.statistics import (
    LEAST,
    LEVEL,
    Compared,
    Finding,
    Judgement,
    K,
    Kind,
    Pair,
    judge,
    merged,
    simultaneous,
    total,
)

JOURNEY_LEVEL, DETAIL_LEVEL = LEVEL ** (7 / 8), LEVEL ** (1 / 8)


@dataclass(frozen=True)
class Verdict:
    """A difference that holds, in the metric's unit: as estimated, shrunken for having been picked, with its interval."""

    kind: Kind
    subject: Subject
    metric: Metric
    n: tuple[int, int]
    estimate: float
    shrunken: float
    low: float
    high: float

    @property
    def falls(self) -> bool:
        return self.estimate < 0

    @property
    def part(self) -> float:
        """The stated size in parts of the metric's range: what orders differences of different questions."""
        low, high = self.metric.range
        return self.shrunken / (high - low)

    @property
    def touchpoint(self) -> str:
        return self.subject.of["touchpoint"]


@dataclass(frozen=True)
class Handover:
    """Two neighbouring measured steps of different owners; the interval holds for all handovers together.

    Under 30 answers on a side there is no interval, and nothing is compared.
    """

    steps: tuple[str, str]
    n: tuple[int, int]
    change: float
    low: float | None
    high: float | None
    verdict: Verdict | None


@dataclass(frozen=True)
class Verdicts:
    """All that may be stated of one journey, what it was looked for among, and its handovers in order."""

    metric: Metric | None
    compared: tuple[Compared, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    handovers: tuple[Handover, ...] = ()

    def of(self, kind: Kind) -> list[Verdict]:
        return [each for each in self.verdicts if each.kind == kind]

    @property
    def falls(self) -> list[Verdict]:
        return [each for each in self.verdicts if each.falls]

    @property
    def worst_handover(self) -> Verdict | None:
        """The handover that falls most, None where none falls for certain."""
        return next((each for each in self.of("handover") if each.falls), None)

    @property
    def pains(self) -> list[Verdict]:
        """The touchpoints that are worse than the rest of the journey, worst first."""
        return [each for each in self.of("touchpoint") if each.falls]

    def moved(self, touchpoint: str) -> Verdict | None:
        """How a touchpoint moved since the period before, None where that may be chance."""
        return next((each for each in self.of("period") if each.touchpoint == touchpoint), None)


def journey_keys(session: Session, workspace_id: uuid.UUID) -> list[str]:
    """The journeys in use."""
    return [each.key for each in journeys.list_journeys(session, workspace_id, limit=500).items]


def places(session: Session, workspace_id: uuid.UUID, journey: str) -> list[Place]:
    """The steps of a journey that have a touchpoint in use, with their owners, in the customer's order."""
    steps = journeys.steps(session, workspace_id, journeys.get(session, workspace_id, journey))
    return [
        Place(step.key, step.touchpoint.key, tuple(owner.key for owner in step.owners))
        for step in steps
        if step.touchpoint
    ]


def of_journeys(
    session: Session,
    workspace_id: uuid.UUID,
    window: Window,
    places: Mapping[str, Sequence[Place]],
    named: Mapping[str, str | None],
) -> dict[str, Verdicts]:
    """The verdicts of many journeys, without their channels and segments: for lists."""
    said = by_journey(session, workspace_id, window)
    return {key: judged(said.get(key, {}), steps, named.get(key)) for key, steps in places.items()}


def of_journey(
    session: Session, workspace_id: uuid.UUID, window: Window, journey: str, places: Sequence[Place]
) -> Verdicts:
    """All verdicts of one journey."""
    said = by_journey(session, workspace_id, window, journey).get(journey, {})
    version = journeys.find_journey(session, workspace_id, journey)
    found = judged(said, places, version.metric if version else None)
    if found.metric is None:
        return found
    inside = parts.Inside(session, workspace_id, window, journey, found.metric, of_its_own(said), places)
    details = judge({"channel": inside.channels(), "segment": inside.segments()}, DETAIL_LEVEL)
    more = tuple(_verdict(found.metric, each) for each in details.findings)
    return Verdicts(found.metric, found.compared + details.compared, found.verdicts + more, found.handovers)


def judged(said: AtTouchpoints, places: Sequence[Place], named: str | None = None) -> Verdicts:
    """Judge handovers, touchpoints against the rest, and this period against the one before. Pure.

    ``named`` is the metric that the journey's file wants it to be read by. What only a run asked leads nothing.
    """
    here_said = {place.touchpoint: said.get(place.touchpoint, {}) for place in places}
    own = of_its_own(here_said)
    key = leading_metric(own, named)
    if key is None:
        read_by = leading_metric(here_said, named)
        return Verdicts(METRICS[read_by] if read_by else None)
    metric = METRICS[key]
    here = {touchpoint: metrics[key] for touchpoint, metrics in own.items() if key in metrics}
    measured = [place for place in places if place.touchpoint in here and here[place.touchpoint].n >= K]
    families: dict[Kind, list[Pair[Subject]]] = {
        "handover": list(_handovers(metric, measured, here)),
        "touchpoint": list(_against_the_rest(metric, measured, here)),
        "period": list(_against_before(metric, measured, here)),
    }
    found = judge(families, JOURNEY_LEVEL)
    stated = {(each.kind, id(each.key)): _verdict(metric, each) for each in found.findings}
    handed = [_handover(pair, found, stated.get(("handover", id(pair.key)))) for pair in families["handover"]]
    return Verdicts(metric, found.compared, tuple(stated.values()), tuple(handed))


def _handovers(
    metric: Metric, measured: Sequence[Place], here: Mapping[str, Said]
) -> Iterator[Pair[Subject]]:
    for before, after in pairwise(measured):
        if set(before.owners) != set(after.owners) and before.touchpoint != after.touchpoint:
            ends = here[before.touchpoint], here[after.touchpoint]
            owners = tuple(dict.fromkeys((*before.owners, *after.owners)))
            subject = Subject(
                {"touchpoint": after.touchpoint},
                {"touchpoint": before.touchpoint},
                ends[1].series_id,
                owners,
                (before.step, after.step),
            )
            yield Pair(subject, group(metric, ends[1].now), group(metric, ends[0].now))


def _against_the_rest(
    metric: Metric, measured: Sequence[Place], here: Mapping[str, Said]
) -> Iterator[Pair[Subject]]:
    each = {place.touchpoint: place for place in measured}
    if len(each) < 3:  # with two, the handover says it all
        return
    for touchpoint, place in each.items():
        rest = merged(here[other].now for other in each if other != touchpoint)
        subject = Subject(
            {"touchpoint": touchpoint}, {"touchpoints": "rest"}, here[touchpoint].series_id, place.owners
        )
        yield Pair(subject, group(metric, here[touchpoint].now), group(metric, rest))


def _against_before(
    metric: Metric, measured: Sequence[Place], here: Mapping[str, Said]
) -> Iterator[Pair[Subject]]:
    for touchpoint, place in {place.touchpoint: place for place in measured}.items():
        said = here[touchpoint]
        if total(said.before):
            of, against = (
                {"touchpoint": touchpoint, "period": "now"},
                {"touchpoint": touchpoint, "period": "before"},
            )
            subject = Subject(of, against, said.series_id, place.owners)
            yield Pair(subject, group(metric, said.now), group(metric, said.before))


def _verdict(metric: Metric, found: Finding[Subject]) -> Verdict:
    return Verdict(
        found.kind, found.key, metric, found.n, found.estimate, found.shrunken, found.low, found.high
    )


def _handover(pair: Pair[Subject], found: Judgement[Subject], verdict: Verdict | None) -> Handover:
    unit, change = pair.of.unit, (pair.of.mean - pair.against.mean) * pair.of.unit
    if min(pair.n) < LEAST:
        return Handover(pair.key.steps, pair.n[::-1], change, None, None, None)
    bounds = simultaneous(pair, found.levels["handover"]).scaled(unit)
    return Handover(pair.key.steps, pair.n[::-1], change, bounds.low, bounds.high, verdict)
