"""One more answer, or one more ask, for a watch: its row made into what the pure rules take, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from collector.signals import rates
from collector.signals.models import Walked
from collector.statistics import control_charts, falls

Design = Callable[[falls.Tally, float, float], control_charts.BernoulliCusum | None]
"""A chart for what is usual, so many a year and so many false alarms; None where there can be none."""


def feed(watch: Walked, hit: bool, day: date, design: Design, allowed: float) -> str | None:
    """One more, and what it tells: a change was ``raised``, or is over (``recovered``, ``stayed``)."""
    walk = walk_of(watch)
    watch.told += 1
    if walk.is_outgrown and not walk.alarmed:
        chart = design(walk.usual, rates.answers_a_year(watch), allowed)
        if chart is not None:
            walk = _laid_out(watch, walk, chart)
    if not walk.alarmed and (walk.is_learning or walk.laid_out == 0):
        _keep(watch, falls.learn(walk, hit), day)
        return None
    return _step(watch, walk, hit, day)


def _step(watch: Walked, walk: falls.Walk, hit: bool, day: date) -> str | None:
    chart = control_charts.BernoulliCusum(watch.p0, watch.p1, watch.threshold)
    after = (falls.step_back if walk.alarmed else falls.step)(chart, walk, hit)
    _keep(watch, after, day)
    if walk.alarmed == after.alarmed:
        return None
    watch.regime += after.alarmed
    return "raised" if after.alarmed else "recovered" if after.usual == walk.usual else "stayed"


def _laid_out(watch: Walked, walk: falls.Walk, chart: control_charts.BernoulliCusum) -> falls.Walk:
    watch.p0, watch.p1, watch.threshold = chart.p0, chart.p1, chart.threshold
    return falls.laid_out(walk)


def accept(watch: Walked) -> None:
    """Somebody knows: what comes from now on is the new usual."""
    if watch.alarmed and watch.run_since:
        _keep(watch, falls.accept(walk_of(watch)), watch.run_since)


def learn_anew(watch: Walked) -> None:
    """What was known has recovered: what is usual is learned anew; an alarm that stands by now goes on standing."""
    if not watch.alarmed and watch.run_since:
        _keep(watch, falls.Walk(), watch.run_since)


def walk_of(watch: Walked) -> falls.Walk:
    """The watch as the pure rules have it."""
    return falls.Walk(
        usual=falls.Tally(watch.usual_hits, watch.usual_n),
        laid_out=watch.laid_out,
        total=watch.total,
        run=falls.Tally(watch.run_hits, watch.run_n),
        alarmed=watch.alarmed,
        after=falls.Tally(watch.after_hits, watch.after_n),
        back=watch.back,
    )


def _keep(watch: Walked, walk: falls.Walk, day: date) -> None:
    if walk.run.n == 1 or watch.run_since is None:
        watch.run_since = day
    watch.usual_hits, watch.usual_n, watch.laid_out = walk.usual.hits, walk.usual.n, walk.laid_out
    watch.total, watch.run_hits, watch.run_n = walk.total, walk.run.hits, walk.run.n
    watch.alarmed, watch.back = walk.alarmed, walk.back
    watch.after_hits, watch.after_n = walk.after.hits, walk.after.n
