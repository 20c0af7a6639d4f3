"""All journeys at a glance: score, answers, worst handover, coverage. A fixed number of statements for any number of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard.period import Period
from collector.dashboard.readings import figure_of
from collector.journeys import Journey, Stakeholder, Step, Touchpoint
from collector.kpis import METRICS, Figure, Metric, said, verdicts


@dataclass(frozen=True)
class WorstHandover:
    """Where a journey loses most for certain, between which steps and owners."""

    before: Step
    after: Step
    givers: tuple[Stakeholder, ...]
    takers: tuple[Stakeholder, ...]
    verdict: verdicts.Verdict


@dataclass(frozen=True)
class JourneyRow:
    """One journey on the board; ``worst`` None where nothing is lost for certain.

    ``figure`` is what customers said of the journey as a whole, None where nobody was asked about it; ``answers``
    counts those to every question along it.

    ``fallen``: the touchpoint that got worse most since the period before, None where that may be chance.
    """

    journey: Journey
    metric: Metric | None
    figure: Figure | None
    answers: int
    fallen: tuple[Touchpoint, verdicts.Verdict] | None
    worst: WorstHandover | None
    measured: int
    touchpoints: int

    @property
    def lost(self) -> float:
        """What orders the board; different questions meet here."""
        return -self.worst.verdict.part if self.worst else 0.0


def open_board(
    session: Session, workspace_id: uuid.UUID, period: Period, search: str = "", owner: str | None = None
) -> list[JourneyRow]:
    """The journeys in use, those that lose most first."""
    shown = journeys.list_journeys(session, workspace_id, search=search, owner=owner, limit=500).items
    places = all_touchpoints(session, workspace_id)
    owners = {each.key: each for each in journeys.stakeholders(session, workspace_id)}
    found = said.by_journey(session, workspace_id, period.window)
    about = said.about_journeys(session, workspace_id, period.window)
    rows = [_row(each, found.get(each.key, {}), about.get(each.key, {}), places, owners) for each in shown]
    return sorted(rows, key=lambda row: (-row.lost, not row.answers, row.journey.name))


def steps_of(journey: Journey, places: Mapping[str, Touchpoint]) -> list[verdicts.Place]:
    """The steps of a journey that have a touchpoint in use, as the verdicts know them."""
    found = ((step.key, places.get(step.touchpoint or "")) for step in journey.steps)
    return [verdicts.Place(key, place.key, tuple(place.owners)) for key, place in found if place]


def all_touchpoints(session: Session, workspace_id: uuid.UUID) -> dict[str, Touchpoint]:
    """Every touchpoint in use, by key."""
    found: dict[str, Touchpoint] = {}
    after: str | None = ""
    while after is not None:
        page = journeys.touchpoints(session, workspace_id, after=after, limit=500)
        found |= {item.key: item for item in page.items}
        after = page.next
    return found


def _row(
    journey: Journey,
    at: said.AtTouchpoints,
    about: Mapping[str, said.Said],
    places: Mapping[str, Touchpoint],
    owners: Mapping[str, Stakeholder],
) -> JourneyRow:
    steps = steps_of(journey, places)
    stated = verdicts.judged(at, steps, journey.metric)
    there = [place for place in journey.touchpoints if place in places]
    measured = sum(1 for place in there if any(each.n for each in at.get(place, {}).values()))
    falls = next((each for each in stated.of("period") if each.falls), None)
    score = said.most_answered(about)
    return JourneyRow(
        journey,
        METRICS[score] if score else None,
        figure_of(METRICS[score], about[score].now) if score else None,
        said.answers(at, about),
        (places[falls.touchpoint], falls) if falls else None,
        _worst(journey, stated, places, owners),
        measured,
        len(there),
    )


def _worst(
    journey: Journey,
    stated: verdicts.Verdicts,
    places: Mapping[str, Touchpoint],
    owners: Mapping[str, Stakeholder],
) -> WorstHandover | None:
    verdict = stated.worst_handover
    if verdict is None:
        return None
    steps = {step.key: step for step in journey.steps}
    before, after = (steps[key] for key in verdict.subject.steps)
    givers, takers = (_named(places[step.touchpoint or ""].owners, owners) for step in (before, after))
    return WorstHandover(before, after, givers, takers, verdict)


def _named(keys: Iterable[str], owners: Mapping[str, Stakeholder]) -> tuple[Stakeholder, ...]:
    return tuple(owners[key] for key in keys if key in owners)
