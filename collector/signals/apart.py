"""A channel or a group of customers apart: unhappier than the others of the same touchpoint, question and days.

A touchpoint is looked at whenever so many new answers have come, and all its parts are compared at once: those that
Benjamini and Hochberg's procedure discovers are told. The false alarms of a year are spent evenly over its looks, so
that each look discovers something by chance in so many cases only. Customers are told apart by closed groups of five.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.kpis import METRICS, MOST_VALUES, Cell, Slice, read_cells
from collector.responses import Response
from collector.signals import raising, rates
from collector.signals.models import Signal, SignalWatch
from collector.signals.raising import Found
from collector.signals.settings import Wish
from collector.statistics import apart, falls

RULE = "part"
WINDOW = timedelta(days=27)


@dataclass(frozen=True)
class Part:
    """A channel, persona or value of an attribute, against the others."""

    dimension: str
    value: str
    of: falls.Tally
    rest: falls.Tally


def look(
    session: Session, watch: SignalWatch, rows: Sequence[Response], wish: Wish, beside: int, now: datetime
) -> None:
    """Look at a touchpoint's parts, if enough is new since the last look."""
    looks = rates.looks_a_year(watch)
    if watch.told - watch.looked < rates.between_looks(watch) or not wish.wants(RULE):
        return
    watch.looked = watch.told
    parts = list(_parts(session, watch, rows))
    told = _told(session, watch) if parts else {}
    found = apart.discoveries([(each.of, each.rest) for each in parts], wish.allowed(RULE) / beside / looks)
    for each, is_found in zip(parts, found, strict=True):
        regime, stands = told.get(_subject(watch, each), (0, False))
        if is_found and not stands:
            raising.keep(session, watch.workspace_id, _found(watch, each, regime + 1, wish, now), now)
        elif stands and apart.is_over(each.of, each.rest):
            raising.end(session, watch.workspace_id, RULE, _subject(watch, each), regime, "recovered", now)


def _parts(session: Session, watch: SignalWatch, rows: Sequence[Response]) -> Iterator[Part]:
    """Each part with enough answers, and the others beside it."""
    last = max(row.day for row in rows)
    attributes = {f"attribute.{key}" for row in rows for key in row.attributes or {}}
    for dimension in ("channel", "persona", *sorted(attributes)):
        found = _tallies(session, watch, dimension, last)
        if 2 <= len(found) <= MOST_VALUES:
            for value, of in sorted(found.items()):
                rest = falls.Tally()
                for other, tally in found.items():
                    rest = rest if other == value else rest.and_all(tally)
                if value and min(of.n, rest.n) >= apart.LEAST:
                    yield Part(dimension, value, of, rest)


def _tallies(session: Session, watch: SignalWatch, dimension: str, last: date) -> dict[str, falls.Tally]:
    chosen = Slice(
        watch.metric,
        touchpoints=(watch.touchpoint,),
        series_id=watch.series_id,
        since=last - WINDOW,
        until=last,
    )
    found: dict[str, falls.Tally] = {}
    for cell in read_cells(session, watch.workspace_id, chosen, (dimension,)):
        found[cell.group[0]] = found.get(cell.group[0], falls.Tally()).and_all(_tally(watch.metric, cell))
    return found


def _tally(metric: str, cell: Cell) -> falls.Tally:
    return falls.Tally(cell.n if rates.is_unhappy(METRICS[metric], cell.score) else 0, cell.n)


def _told(session: Session, watch: SignalWatch) -> Mapping[str, tuple[int, bool]]:
    """Subject -> its last regime, and whether that stands."""
    here = (Signal.workspace_id == watch.workspace_id, Signal.touchpoint == watch.touchpoint)
    query = select(Signal.subject, Signal.regime, Signal.state).where(
        *here, Signal.rule == RULE, Signal.series_id == watch.series_id
    )
    found: dict[str, tuple[int, bool]] = {}
    for subject, regime, state in session.execute(query.order_by(Signal.regime)):
        found[subject] = (regime, state != "over")
    return found


def _subject(watch: SignalWatch, part: Part) -> str:
    return f"{watch.touchpoint} {watch.series_id} {part.dimension} {part.value}"[:400]


def _found(watch: SignalWatch, part: Part, regime: int, wish: Wish, now: datetime) -> Found:
    facts: dict[str, Any] = {
        "of": {part.dimension: part.value},
        "part": rates.figure(part.of),
        "rest": rates.figure(part.rest),
        "per_year": wish.allowed(RULE),
    }
    return Found(
        RULE,
        watch.touchpoint,
        _subject(watch, part),
        now.date() - WINDOW,
        facts,
        regime,
        metric=watch.metric,
        series_id=watch.series_id,
    )
