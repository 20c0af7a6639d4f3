"""More answers, or more asks, for a watch: its row made into what the pure rules take, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from collector.signals import rates
from collector.signals.models import Walked
from collector.statistics import control_charts, falls

Design = Callable[[falls.Tally, float, float], control_charts.BernoulliCusum | None]
"""A chart for what is usual, so many a year and so many false alarms; None where there can be none."""


class Walking:
    """A watch while one after another is fed to it: its walk, held here so that the row is written once for all of them.

    The watch itself is right whenever something has happened, and after ``keep``.
    """

    def __init__(self, watch: Walked, design: Design, allowed: float) -> None:
        self.watch, self.told, self.run_since = watch, watch.told, watch.run_since
        self._walk, self._chart = walk_of(watch), _chart_of(watch)
        self._design, self._allowed = design, allowed

    def feed(self, hit: bool, day: date) -> str | None:
        """One more, and what it tells: a change was ``raised``, or is over (``recovered``, ``stayed``)."""
        before = self._before()
        self._walk = after = self._after(before, hit)
        if after.run.n == 1 or self.run_since is None:
            self.run_since = day
        if before.alarmed == after.alarmed:
            return None
        self.watch.regime += after.alarmed
        self.keep()
        return "raised" if after.alarmed else "recovered" if after.usual == before.usual else "stayed"

    def keep(self) -> None:
        """Have the watch say how far it is."""
        watch, chart = self.watch, self._chart
        watch.told, watch.run_since = self.told, self.run_since
        if chart is not None:
            watch.p0, watch.p1, watch.threshold = chart.p0, chart.p1, chart.threshold
        _keep(watch, self._walk)

    def _before(self) -> falls.Walk:
        """The walk that the next one comes to: its chart laid out anew where that is due."""
        walk = self._walk
        self.told += 1
        if walk.alarmed or not walk.is_outgrown:
            return walk
        self.watch.told = self.told
        chart = self._design(walk.usual, rates.answers_a_year(self.watch), self._allowed)
        if chart is None:
            return walk
        self._chart = chart
        return falls.laid_out(walk)

    def _after(self, walk: falls.Walk, hit: bool) -> falls.Walk:
        chart = self._chart
        if chart is None or (not walk.alarmed and (walk.is_learning or walk.laid_out == 0)):
            return falls.learn(walk, hit)
        return falls.step_back(chart, walk, hit) if walk.alarmed else falls.step(chart, walk, hit)


def accept(watch: Walked) -> None:
    """Somebody knows: what comes from now on is the new usual."""
    if watch.alarmed and watch.run_since:
        _keep(watch, falls.accept(walk_of(watch)))


def learn_anew(watch: Walked) -> None:
    """What was known has recovered: what is usual is learned anew; an alarm that stands by now goes on standing."""
    if not watch.alarmed and watch.run_since:
        _keep(watch, falls.Walk())


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


def _chart_of(watch: Walked) -> control_charts.BernoulliCusum | None:
    """The chart as it was laid out; None where it never was."""
    return control_charts.BernoulliCusum(watch.p0, watch.p1, watch.threshold) if watch.p0 else None


def _keep(watch: Walked, walk: falls.Walk) -> None:
    watch.usual_hits, watch.usual_n, watch.laid_out = walk.usual.hits, walk.usual.n, walk.laid_out
    watch.total, watch.run_hits, watch.run_n = walk.total, walk.run.hits, walk.run.n
    watch.alarmed, watch.back = walk.alarmed, walk.back
    watch.after_hits, watch.after_n = walk.after.hits, walk.after.n
