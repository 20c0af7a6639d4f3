"""Falls over time: feeds new answers to the watch over their series, and raises what it tells."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import db, statements
from collector.kpis import METRICS, Rollup
from collector.responses import Response
from collector.signals import apart, drifts, handovers, raising, rates, walking, weekly
from collector.signals.models import SignalWatch
from collector.signals.raising import Found
from collector.signals.settings import Wish, Wishes
from collector.statistics import falls

RULE = "fall"
BEFORE = timedelta(days=90)
Place = tuple[str, uuid.UUID]
"""A touchpoint and a series."""


def notice(
    session: Session, workspace_id: uuid.UUID, answers: Sequence[Response], wishes: Wishes, now: datetime
) -> None:
    """Feed what customers who were asked said of a touchpoint, in the order it came; runs ask whom they chose, and apart."""
    by_place: dict[Place, list[Response]] = {}
    for row in sorted(answers, key=lambda row: (row.received_at, row.response_id)):
        asked = row.source == "solicited" and row.run is None
        if asked and row.respondent == "customer" and row.target == "touchpoint":
            by_place.setdefault((row.touchpoint, row.series_id), []).append(row)
    watches = _watches(session, workspace_id, by_place)
    for place, rows in sorted(by_place.items()):
        wish, beside = wishes.at(place[0]), sum(key[0] == place[0] for key in watches)
        watches[place].last_day = rows[-1].day
        _feed(session, watches[place], rows, wish, beside, now)
        apart.look(session, watches[place], rows, wish, max(1, beside), now)
        if week := weekly.keep(watches[place], rows):
            drifts.look(session, watches[place], week, wish, beside, now)
            handovers.look(session, watches[place], week, wish, now)
    session.flush()


def _feed(
    session: Session, watch: SignalWatch, rows: Sequence[Response], wish: Wish, beside: int, now: datetime
) -> None:
    """Answer by answer, and what each tells."""
    metric = METRICS[watch.metric]
    walk = walking.Walking(watch, falls.design, wish.allowed(RULE) / max(1, beside))
    for row in rows:
        assert row.score is not None, "what was counted has a score"
        if happened := walk.feed(rates.is_unhappy(metric, row.score), row.day):
            _settle(session, watch, happened, wish, now)
    walk.keep()


def _settle(session: Session, watch: SignalWatch, happened: str, wish: Wish, now: datetime) -> None:
    if happened == "raised" and wish.wants(RULE):
        raising.keep(session, watch.workspace_id, _found(watch, wish), now)
    elif happened != "raised":
        raising.end(session, watch.workspace_id, RULE, subject(watch), watch.regime, happened, now)


def accept(session: Session, workspace_id: uuid.UUID, touchpoint: str, series_id: uuid.UUID) -> None:
    """Somebody knows of a fall: what comes from now on is the new usual."""
    watch = _watch(session, workspace_id, touchpoint, series_id)
    if watch is not None:
        walking.accept(watch)
        session.flush()


def learn_anew(session: Session, workspace_id: uuid.UUID, touchpoint: str, series_id: uuid.UUID) -> None:
    """What was known has recovered: what is usual is learned anew; an alarm that stands by now goes on standing."""
    watch = _watch(session, workspace_id, touchpoint, series_id)
    if watch is not None:
        walking.learn_anew(watch)
        session.flush()


def _watch(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, series_id: uuid.UUID
) -> SignalWatch | None:
    query = select(SignalWatch).where(
        SignalWatch.workspace_id == workspace_id,
        SignalWatch.touchpoint == touchpoint,
        SignalWatch.series_id == series_id,
    )
    return session.scalars(db.lock(session, query).execution_options(populate_existing=True)).first()


def subject(watch: SignalWatch) -> str:
    """What is signalled once per regime: this question at this touchpoint."""
    return f"{watch.touchpoint} {watch.series_id}"


def _found(watch: SignalWatch, wish: Wish) -> Found:
    assert watch.run_since is not None, "a fall has a first answer"
    walk = walking.walk_of(watch)
    facts: dict[str, Any] = {
        "before": rates.figure(walk.usual),
        "after": rates.figure(walk.run),
        "per_year": wish.allowed(RULE),
    }
    return Found(
        RULE,
        watch.touchpoint,
        subject(watch),
        watch.run_since,
        facts,
        watch.regime,
        metric=watch.metric,
        series_id=watch.series_id,
    )


def _watches(
    session: Session, workspace_id: uuid.UUID, by_place: dict[Place, list[Response]]
) -> dict[Place, SignalWatch]:
    """The watches over these places, held until the end of the transaction; a new one knows what was said before."""
    if not by_place:
        return {}
    first = {place: min(row.day for row in rows) for place, rows in by_place.items()}
    found = _held(session, workspace_id, by_place)
    new = sorted(set(by_place) - set(found))
    if new:
        usual = _said_before(session, workspace_id, new, min(first.values()))
        metrics = {place: rows[0].metric for place, rows in by_place.items()}
        made = [_new(workspace_id, place, metrics[place], first[place], usual.get(place)) for place in new]
        statements.insert_new_rows(session, made)
        found = _held(session, workspace_id, by_place)
    return found


def _held(session: Session, workspace_id: uuid.UUID, places: Collection[Place]) -> dict[Place, SignalWatch]:
    query = select(SignalWatch).where(
        SignalWatch.workspace_id == workspace_id,
        SignalWatch.touchpoint.in_({touchpoint for touchpoint, _series in places}),
        SignalWatch.series_id.in_({series_id for _touchpoint, series_id in places}),
    )
    query = query.order_by(SignalWatch.touchpoint, SignalWatch.series_id)
    rows = session.scalars(db.lock(session, query).execution_options(populate_existing=True))
    return {(row.touchpoint, row.series_id): row for row in rows}


Usual = tuple[falls.Tally, date]
"""What was said in the days before, and since when."""


def _new(workspace_id: uuid.UUID, place: Place, metric: str, first: date, usual: Usual | None) -> SignalWatch:
    said, began = usual or (falls.Tally(), first)
    return SignalWatch(
        workspace_id=workspace_id,
        touchpoint=place[0],
        series_id=place[1],
        metric=metric,
        began_on=began,
        last_day=first,
        told=said.n,
        usual_hits=said.hits,
        usual_n=said.n,
    )


def _said_before(
    session: Session, workspace_id: uuid.UUID, places: Sequence[Place], until: date
) -> dict[Place, Usual]:
    """Unhappy answers and all in the 90 days before, imported ones of the same series among them."""
    table = Rollup
    query = (
        select(
            table.touchpoint,
            table.series_id,
            table.metric,
            table.score,
            func.sum(table.n),
            func.min(table.day),
        )
        .where(
            table.workspace_id == workspace_id,
            table.series_id.in_({series_id for _touchpoint, series_id in places}),
            table.touchpoint.in_({touchpoint for touchpoint, _series in places}),
            table.respondent == db.constant("customer"),
            table.target == db.constant("touchpoint"),
            table.source.in_(("solicited", "imported")),
            table.day >= until - BEFORE,
            table.day < until,
        )
        .group_by(table.touchpoint, table.series_id, table.metric, table.score)
    )
    found: dict[Place, Usual] = {}
    for touchpoint, series_id, metric, score, n, day in session.execute(query):
        said, since = found.get((touchpoint, series_id), (falls.Tally(), day))
        hits = int(n) if rates.is_unhappy(METRICS[metric], score) else 0
        found[touchpoint, series_id] = said.and_all(falls.Tally(hits, int(n))), min(since, day)
    return found
