"""One journey in a period, assembled: steps with readings, handovers, pain points, coverage. Pure but for its reads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard import readings, sources
from collector.dashboard.common_scale import NET, net_cells
from collector.dashboard.journey_parts import Coverage, HandoverView, OwnerSpan, StepView, Whole
from collector.dashboard.period import Period
from collector.dashboard.readings import Reading
from collector.journeys import Journey, MapStep
from collector.kpis import METRICS, Between, Metric, between, said, verdicts
from collector.statistics import Kind, merged

STAGES = ("before", "during", "after")
VIEWS = ("volunteered", "employee", "partner")
"""Of ``sources.VIEWS``: whose answers along a journey may be looked at apart."""


@dataclass(frozen=True)
class JourneyPage:
    """All that the journey page, the wall, the report and the shared view show.

    ``score`` is what customers said of the journey as a whole, never a mean of its parts; ``n`` counts the answers to
    every question along it and about it. In a ``view`` of other answers (volunteered, of employees, of partners) nothing
    is compared.
    """

    journey: Journey
    period: Period
    steps: tuple[StepView, ...]
    score: Reading | None
    n: int
    net: float | None
    handovers: tuple[HandoverView, ...]
    pains: tuple[StepView, ...]
    coverage: tuple[Coverage, ...]
    stated: verdicts.Verdicts
    view: str = ""

    @property
    def metric(self) -> Metric | None:
        """The question that the journey is read by."""
        return self.stated.metric

    @property
    def channels(self) -> list[tuple[StepView, verdicts.Verdict]]:
        """The channels that are worse than the others of their touchpoint."""
        return self._inside("channel")

    @property
    def segments(self) -> list[tuple[StepView, verdicts.Verdict]]:
        """The groups of customers that are worse off than the others at a touchpoint."""
        return self._inside("segment")

    def _inside(self, kind: Kind) -> list[tuple[StepView, verdicts.Verdict]]:
        first = {step.at.touchpoint.key: step for step in reversed(self.steps) if step.at.touchpoint}
        falls = [each for each in self.stated.of(kind) if each.falls and each.touchpoint in first]
        return [(first[each.touchpoint], each) for each in falls]

    @property
    def moved(self) -> list[StepView]:
        """The steps that got worse since the period before."""
        first = {step.at.touchpoint.key: step for step in reversed(self.steps) if step.at.touchpoint}
        return [
            first[each.touchpoint]
            for each in self.stated.of("period")
            if each.falls and each.touchpoint in first
        ]

    def pain_verdict(self, step: StepView) -> verdicts.Verdict:
        """By how much a pain point is worse than the rest."""
        key = step.at.touchpoint.key if step.at.touchpoint else ""
        return next(each for each in self.stated.pains if each.touchpoint == key)

    @property
    def phases(self) -> list[tuple[str, list[StepView]]]:
        """The steps under their phases, in the customer's order; phases without steps are left out."""
        found: list[tuple[str, list[StepView]]] = []
        for phase in self.journey.phases:
            inside = [step for step in self.steps if step.at.phase.key == phase.key]
            if inside:
                found.append((phase.name, inside))
        return found

    @property
    def worst(self) -> HandoverView | None:
        """The handover at which most is lost, None where nothing is for certain."""
        wanted = self.stated.worst_handover
        return next((each for each in self.handovers if wanted and each.rule.verdict is wanted), None)

    @property
    def asked(self) -> int:
        return sum(reading.funnel.asked for reading in self._readings() if reading.funnel)

    @property
    def answered(self) -> int:
        """How many of those answered; the answers about the whole journey are not among them."""
        return sum(reading.funnel.answered for reading in self._readings() if reading.funnel)

    @property
    def response_rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None

    @property
    def measured(self) -> tuple[int, int]:
        """(touchpoints with answers, all touchpoints)."""
        return sum(each.measured for each in self.coverage), sum(each.touchpoints for each in self.coverage)

    @property
    def waits(self) -> dict[str, Between]:
        """Step -> the time since the step that handed the customer over to it."""
        return {each.after.at.key: each.between for each in self.handovers if each.between}

    @property
    def owner_spans(self) -> list[OwnerSpan]:
        """The owner's lane: it changes where the customer changes hands."""
        return _owner_spans(self.steps, self.worst)

    def _readings(self) -> list[Reading]:
        return list(
            {
                step.at.touchpoint.key: step.reading
                for step in self.steps
                if step.at.touchpoint and step.reading
            }.values()
        )


def open_journey(
    session: Session, workspace_id: uuid.UUID, key: str, period: Period, view: str = ""
) -> JourneyPage:
    """The page of a journey, of the answers of a view; raises 404 for one that is not here."""
    journey = journeys.get(session, workspace_id, key)
    steps = journeys.steps(session, workspace_id, journey)
    stood_at = [place.touchpoint for place in places(steps)]
    chosen = sources.of_journey(period, key, stood_at, view)
    tallies = sources.tallies(session, workspace_id, chosen)
    trends = sources.trends(session, workspace_id, chosen, tallies)
    asked = {tally.touchpoint for tally in tallies} if not view else set()
    funnel = sources.funnel(session, workspace_id, chosen, asked)
    if chosen.journey is None:
        along = said.at_touchpoints(session, workspace_id, period.window, stood_at, **sources.VIEWS[view])
    else:
        along = said.by_journey(session, workspace_id, period.window, key, **sources.VIEWS[view]).get(key, {})
    if view:
        stated = _nothing_compared(along, journey)
    else:
        stated = verdicts.of_journey(session, workspace_id, period.window, key, places(steps))
    leading = stated.metric.key if stated.metric else None
    found = readings.by_touchpoint(tallies, period, funnel, trends, leading)
    about = {} if view else said.about_journeys(session, workspace_id, period.window, key).get(key, {})
    whole = Whole(_score(about, period), said.answers(along, about))
    page = assemble(journey, steps, found, whole, period, stated)
    return _timed(session, workspace_id, replace(page, view=view))


def _nothing_compared(along: said.AtTouchpoints, journey: Journey) -> verdicts.Verdicts:
    """The question that answers apart are read by, and no statement: of them nothing is made a fact."""
    key = said.leading_metric(along, journey.metric)
    return verdicts.Verdicts(METRICS[key] if key else None)


def _score(about: Mapping[str, said.Said], period: Period) -> Reading | None:
    key = said.most_answered(about)
    if key is None:
        return None
    days = {period.first: about[key].now, period.before.last: about[key].before}
    return readings.read(METRICS[key], days, period, trend=())


def _timed(session: Session, workspace_id: uuid.UUID, page: JourneyPage) -> JourneyPage:
    """The page with the time between the two sides of each handover."""
    pairs = [handover.places for handover in page.handovers]
    since, until = page.period.bounds
    times = between(session, workspace_id, page.journey.key, since, until, pairs)
    timed = tuple(replace(handover, between=times.get(handover.places)) for handover in page.handovers)
    return replace(page, handovers=timed)


def places(steps: Sequence[MapStep]) -> list[verdicts.Place]:
    """The steps as the verdicts know them."""
    return [
        verdicts.Place(step.key, step.touchpoint.key, tuple(owner.key for owner in step.owners))
        for step in steps
        if step.touchpoint
    ]


def assemble(
    journey: Journey,
    steps: Sequence[MapStep],
    found: Mapping[str, Reading],
    whole: Whole,
    period: Period,
    stated: verdicts.Verdicts,
) -> JourneyPage:
    """Put steps, readings and verdicts together; only answers to the leading question stand on the curve."""
    views = tuple(_view(step, found, stated) for step in steps)
    first = {view.at.touchpoint.key: view for view in reversed(views) if view.at.touchpoint}
    led = {key: view.reading for key, view in first.items() if view.reading and not view.beside}
    cells = merged(net_cells(reading.metric, reading.cells) for reading in led.values())
    return JourneyPage(
        journey=journey,
        period=period,
        steps=views,
        score=whole.score,
        n=whole.n,
        net=readings.figure_of(NET, cells).value,
        handovers=tuple(_handovers(views, stated)),
        pains=tuple(first[pain.touchpoint] for pain in stated.pains),
        coverage=_coverage(views),
        stated=stated,
    )


def _view(step: MapStep, found: Mapping[str, Reading], stated: verdicts.Verdicts) -> StepView:
    key = step.touchpoint.key if step.touchpoint else ""
    reading = found.get(key)
    return StepView(
        step,
        reading,
        pain=key in {each.touchpoint for each in stated.pains},
        beside=bool(reading and stated.metric and reading.metric.key != stated.metric.key),
        moved=stated.moved(key),
    )


def _handovers(views: Sequence[StepView], stated: verdicts.Verdicts) -> list[HandoverView]:
    """Those that fall for certain first, then in the customer's order."""
    by_key = {view.at.key: view for view in views}
    found = [HandoverView(by_key[each.steps[0]], by_key[each.steps[1]], each) for each in stated.handovers]
    return sorted(
        found, key=lambda each: each.rule.verdict.shrunken if each.falls and each.rule.verdict else 0
    )


def _coverage(views: Sequence[StepView]) -> tuple[Coverage, ...]:
    places = {view.at.touchpoint.key: view for view in views if view.at.touchpoint}.values()
    found = []
    for stage in STAGES:
        inside = [view for view in places if view.at.stage == stage]
        if inside:
            found.append(Coverage(stage, len(inside), sum(1 for view in inside if view.reading)))
    return tuple(found)


def _owner_spans(views: Sequence[StepView], worst: HandoverView | None) -> list[OwnerSpan]:
    spans: list[OwnerSpan] = []
    for view in views:
        here = worst if worst and view is worst.after else None
        has_touchpoint = view.at.touchpoint is not None
        last = spans[-1] if spans else None
        if last and not here and last.owners == view.owners and last.has_touchpoint == has_touchpoint:
            spans[-1] = OwnerSpan(last.owners, last.steps + 1, has_touchpoint, last.handover)
        else:
            spans.append(OwnerSpan(view.owners, 1, has_touchpoint, here))
    return spans
