"""Drivers: which touchpoints' scores go with what the same customers said of the whole journey. Associated, not caused.

Only ways on which a customer answered at the touchpoints and about the journey tell of it, and who answers twice is no
random choice. Under 100 such ways nothing is shown.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import days
from collector.kpis.said import Window
from collector.responses import Response
from collector.statistics import Importance, importance

LEAST = 100
"""Ways with all the answers, for anything to be said."""
NEWEST = 500
MOST_TOUCHPOINTS = 5

Ways = Mapping[str, Mapping[str, int]]
"""Journey instance -> touchpoint -> score; under an empty name, what was said of the journey."""
WHOLE = ""


@dataclass(frozen=True)
class Drivers:
    """What each touchpoint's score explains of the journey's, the most first; empty below ``LEAST`` of ``n`` ways.

    A touchpoint at which everybody gave the same score is not in it, and nothing is where all did so for the journey.
    """

    metric: str
    n: int
    found: tuple[tuple[str, Importance], ...] = ()


def drivers(
    session: Session, workspace_id: uuid.UUID, window: Window, zone: str, journey: str, metric: str
) -> Drivers:
    """The drivers of a journey's score; ``metric`` is the question that was asked about it."""
    ways = _ways(session, workspace_id, window, zone, journey, metric)
    chosen = _together(ways)
    rows = tuple(
        tuple(way[name] for name in (*chosen, WHOLE)) for way in ways.values() if way.keys() >= set(chosen)
    )
    if not chosen:
        pairs = Counter(name for way in ways.values() for name in way if name != WHOLE)
        return Drivers(metric, max(pairs.values(), default=0))
    varied = [place for place in range(len(chosen)) if len({row[place] for row in rows}) > 1]
    shares = (
        _remembered(tuple(tuple(row[place] for place in (*varied, -1)) for row in rows)) if varied else None
    )
    named = [chosen[place] for place in varied]
    found = sorted(zip(named, shares or (), strict=False), key=lambda each: -each[1].explained)
    return Drivers(metric, len(rows), tuple(found))


def _together(ways: Ways) -> list[str]:
    """The touchpoints that were most answered, as long as enough ways have answers at all of them."""
    pairs = Counter(name for way in ways.values() for name in way if name != WHOLE)
    chosen: list[str] = []
    for name, _ in sorted(pairs.items(), key=lambda each: (-each[1], each[0])):
        wanted = {*chosen, name}
        if len(chosen) < MOST_TOUCHPOINTS and sum(way.keys() >= wanted for way in ways.values()) >= LEAST:
            chosen.append(name)
    return chosen


@lru_cache(maxsize=200)
def _remembered(rows: tuple[tuple[int, ...], ...]) -> list[Importance] | None:
    """A page that is looked at again resamples nothing anew."""
    return importance(rows)


def _ways(
    session: Session, workspace_id: uuid.UUID, window: Window, zone: str, journey: str, metric: str
) -> Ways:
    since, until = days.bounds(window.first, window.last, zone)
    table = Response
    asked = (
        table.workspace_id == workspace_id,
        table.journey == journey,
        table.respondent == "customer",
        table.source == "solicited",
        table.score.is_not(None),
        table.journey_instance.is_not(None),
    )
    whole = (table.target == "journey", table.metric == metric, table.occurred_at >= since, table.occurred_at < until)  # fmt: skip
    newest = select(table.journey_instance, table.score).where(*asked, *whole)
    rated = session.execute(newest.order_by(table.occurred_at.desc()).limit(NEWEST))
    said = {str(instance): int(score or 0) for instance, score in rated}
    parts = select(table.journey_instance, table.touchpoint, table.metric, table.score).where(
        *asked, table.target == "touchpoint", table.journey_instance.in_(said)
    )
    rows = [
        (str(instance), touchpoint, question, int(score or 0))
        for instance, touchpoint, question, score in session.execute(parts.order_by(table.occurred_at))
    ]
    ways: dict[str, dict[str, int]] = {instance: {WHOLE: score} for instance, score in said.items()}
    questions = _questions(rows)
    for instance, touchpoint, question, score in rows:
        if question == questions[touchpoint]:
            ways[instance][touchpoint] = score
    return ways


def _questions(rows: Sequence[tuple[str, str, str, int]]) -> Mapping[str, str]:
    """Touchpoint -> the question that was answered most there: two on one scale are still two."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for _, touchpoint, question, _ in rows:
        counts[touchpoint][question] += 1
    return {touchpoint: max(of, key=lambda key: (of[key], key)) for touchpoint, of in counts.items()}
