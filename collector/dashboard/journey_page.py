"""One journey in a period, assembled: steps with readings, handovers, pain points, coverage. Pure but for its reads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard import readings, sources
from collector.dashboard.common_scale import NET, net_cells
from collector.dashboard.period import Period
from collector.dashboard.readings import Reading
from collector.journeys import Journey, MapStep, Stakeholder
from collector.kpis import handovers as rules
from collector.kpis.painpoints import pain_points
from collector.kpis.time_between import Between, between
from collector.statistics.cells import merged

STAGES = ("before", "during", "after")


@dataclass(frozen=True)
class StepView:
    """One column of the map: what the step is, and what customers said there (None: nothing measured)."""

    at: MapStep
    reading: Reading | None
    pain: bool = False

    @property
    def owners(self) -> tuple[Stakeholder, ...]:
        return self.at.owners


@dataclass(frozen=True)
class HandoverView:
    """Two neighbouring measured steps of different owners, and what the score does between them (net points)."""

    before: StepView
    after: StepView
    rule: rules.Handover
    between: Between | None = None

    @property
    def places(self) -> tuple[str, str]:
        """The touchpoints on both sides."""
        before, after = (
            step.at.touchpoint.key if step.at.touchpoint else "" for step in (self.before, self.after)
        )
        return before, after

    @property
    def falls(self) -> bool:
        """Whether the score falls here for certain: its whole interval lies under zero."""
        return self.rule.high < 0


@dataclass(frozen=True)
class Coverage:
    """How much of a stage of the sale is measured: ``measured`` of ``touchpoints`` had answers in the period."""

    stage: str
    touchpoints: int
    measured: int


@dataclass(frozen=True)
class OwnerSpan:
    """Neighbouring steps of the same owners: one cell of the owner's lane. ``worst``: the worst handover lies before it."""

    owners: tuple[Stakeholder, ...]
    steps: int
    has_touchpoint: bool
    handover: HandoverView | None


@dataclass(frozen=True)
class JourneyPage:
    """All that the journey page, the wall, the report and the shared view show."""

    journey: Journey
    period: Period
    steps: tuple[StepView, ...]
    overall: Reading | None
    net: float | None
    handovers: tuple[HandoverView, ...]
    pains: tuple[StepView, ...]
    coverage: tuple[Coverage, ...]

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
        """The handover that lost most, if it lost anything for certain."""
        return next((handover for handover in self.handovers if handover.falls), None)

    @property
    def n(self) -> int:
        return sum(reading.n for reading in self._readings())

    @property
    def asked(self) -> int:
        return sum(reading.asked or 0 for reading in self._readings())

    @property
    def response_rate(self) -> float | None:
        answered = sum(reading.answered or 0 for reading in self._readings())
        return min(1.0, answered / self.asked) if self.asked else None

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


def open_journey(session: Session, workspace_id: uuid.UUID, key: str, period: Period) -> JourneyPage:
    """The page of a journey; raises 404 for one that is not here."""
    journey = journeys.get(session, workspace_id, key)
    steps = journeys.steps(session, workspace_id, journey)
    chosen = sources.Chosen(period, journey=key)
    tallies = sources.tallies(session, workspace_id, chosen)
    trends = sources.trends(session, workspace_id, chosen, tallies)
    funnel = sources.funnel(session, workspace_id, chosen, {tally.touchpoint for tally in tallies})
    found = readings.by_touchpoint(tallies, period, funnel, trends)
    page = assemble(journey, steps, found, readings.overall(tallies, period), period)
    return _timed(session, workspace_id, page)


def _timed(session: Session, workspace_id: uuid.UUID, page: JourneyPage) -> JourneyPage:
    """The page with the time between the two sides of each handover."""
    pairs = [handover.places for handover in page.handovers]
    since, until = sources.bounds(page.period)
    times = between(session, workspace_id, page.journey.key, since, until, pairs)
    timed = tuple(replace(handover, between=times.get(handover.places)) for handover in page.handovers)
    return replace(page, handovers=timed)


def assemble(
    journey: Journey,
    steps: Sequence[MapStep],
    found: Mapping[str, Reading],
    overall: Reading | None,
    period: Period,
) -> JourneyPage:
    """Put steps and readings together; the rules of pain points and handovers work on the common scale."""
    in_order = {step.touchpoint.key: found.get(step.touchpoint.key) for step in steps if step.touchpoint}
    measured = {key: reading for key, reading in in_order.items() if reading}
    cells = merged(net_cells(reading.metric, reading.cells) for reading in measured.values())
    whole = readings.figure_of(NET, cells)
    nets = {
        key: readings.figure_of(NET, net_cells(each.metric, each.cells)) for key, each in measured.items()
    }
    hurting = [point.key for point in pain_points(nets, whole)]
    views = tuple(_view(step, in_order, hurting) for step in steps)
    first = {view.at.touchpoint.key: view for view in reversed(views) if view.at.touchpoint}
    return JourneyPage(
        journey=journey,
        period=period,
        steps=views,
        overall=overall,
        net=whole.value,
        handovers=tuple(_handovers(views)),
        pains=tuple(first[key] for key in hurting),
        coverage=_coverage(views),
    )


def _view(step: MapStep, in_order: Mapping[str, Reading | None], hurting: Sequence[str]) -> StepView:
    key = step.touchpoint.key if step.touchpoint else ""
    return StepView(step, in_order.get(key), pain=key in hurting)


def _handovers(views: Sequence[StepView]) -> list[HandoverView]:
    """Ranked by lost score times volume; steps without a touchpoint belong to nobody here, and are passed over."""
    places = [view for view in views if view.at.touchpoint]
    by_key = {view.at.key: view for view in places}
    steps = [
        rules.Step(
            key=view.at.key,
            owners=frozenset(owner.key for owner in view.owners),
            cells=net_cells(view.reading.metric, view.reading.cells) if view.reading else {},
        )
        for view in places
    ]
    return [
        HandoverView(by_key[rule.before], by_key[rule.after], rule) for rule in rules.handovers(NET, steps)
    ]


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
