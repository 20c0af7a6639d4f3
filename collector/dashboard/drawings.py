"""Page values into charts: picks scales, labels and marks; the strokes are ``charts``'s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collector.dashboard import charts
from collector.dashboard.common_scale import NET, expected_points
from collector.dashboard.journey_page import JourneyPage
from collector.dashboard.journey_parts import HandoverView, StepView
from collector.dashboard.readings import Reading
from collector.dashboard.signal_page import SignalPage
from collector.dashboard.touchpoint_page import Stretch, TouchpointPage
from collector.dashboard.wording import Wording
from collector.kpis import METRICS, Metric, band_of

FEELING = charts.Scale(-100, 100)
LEAST_SPAN = 0.3


@dataclass(frozen=True)
class Drawings:
    """Charts in one language and writing direction."""

    wording: Wording

    @property
    def mirror(self) -> bool:
        return self.wording.speaker.direction == "rtl"

    def sparkline(self, reading: Reading, pain: bool = False) -> Markup:
        """The trend of a reading; its scale spans at least three tenths of the metric's range, so that noise stays small."""
        values = [value for value in reading.trend if value is not None]
        low, high = reading.metric.range
        scale = charts.Scale.around(values, (low, high), (high - low) * LEAST_SPAN)
        label = self.wording._("Trend: %(values)s", values=self._ends(reading.metric, values))
        return charts.sparkline(reading.trend, scale, label, pain, self.mirror)

    def strip(self, step: StepView, reference: float | None = None) -> Markup:
        """A step on the common scale."""
        net = step.reading.net if step.reading else None
        return charts.strip(
            value=net.value if net else None,
            low=net.low if net else None,
            high=net.high if net else None,
            scale=FEELING,
            label=self.said(step),
            expected=expected_points(step.at.expectation().value),
            reference=reference,
            pain=step.pain,
            mirror=self.mirror,
        )

    def curve(self, page: JourneyPage) -> Markup:
        """The emotion curve over the map's columns."""
        _ = self.wording._
        steps = [self._curve_step(step) for step in page.steps]
        label = _("Emotion curve of %(journey)s", journey=page.journey.name)
        drops = []
        if page.worst:
            drops.append((page.steps.index(page.worst.before), page.steps.index(page.worst.after)))
        ends = (_("+100 all pleased"), _("\N{MINUS SIGN}100 all displeased"))
        return charts.emotion_curve(steps, label, ends, drops, self.mirror)

    def slope(self, handover: HandoverView) -> Markup:
        """Before and after a handover, in the figure by which its fall is stated."""
        ends = [self._slope_end(step) for step in (handover.before, handover.after)]
        label = self.wording._("From %(before)s to %(after)s", before=ends[0].text, after=ends[1].text)
        seen = [bound for end in ends for bound in (end.low, end.high)]
        low, high = (
            handover.before.reading.metric.range if handover.before.reading else (FEELING.low, FEELING.high)
        )
        scale = charts.Scale.around(seen, (low, high), (high - low) * LEAST_SPAN)
        return charts.slope(ends[0], ends[1], scale, label, handover.falls, self.mirror)

    def distribution(self, reading: Reading) -> Markup:
        """How the answers spread over the scale."""
        metric, n = reading.metric, reading.n
        bars = [
            charts.Bar(
                self.wording.score_name(metric, score),
                count / n if n else 0.0,
                self.wording.speaker.number(count / n * 100) if count else "",
                band_of(metric.key, score),
            )
            for score, count in reading.figure.counts.items()
        ]
        label = self.wording._("Distribution of %(n)s answers", n=self.wording.count(n))
        return charts.distribution(bars, label, self.mirror)

    def trend(self, page: TouchpointPage) -> Markup:
        """The figure over the period, with its interval and the places where the question changed."""
        metric = page.reading.metric if page.reading else METRICS["nps"]
        name = page.touchpoint.name
        return self._trend(metric, page.trend, name, self._breaks(page), self._pins(page))

    def signal(self, page: SignalPage, name: str) -> Markup:
        """The weeks around the first day of a signal, which is marked."""
        words = self.wording
        label = words._("%(day)s: since then", day=words.speaker.day(page.row.since))
        pins = [charts.Pin(i, label) for i, each in enumerate(page.trend) if page.row.since in each.period]
        return self._trend(page.metric or METRICS["nps"], page.trend, name, (), pins)

    def _trend(
        self,
        metric: Metric,
        stretches: Sequence[Stretch],
        name: str,
        breaks: Sequence[charts.SeriesBreak],
        pins: Sequence[charts.Pin],
    ) -> Markup:
        low, high = metric.range
        seen = [v for each in stretches for v in (each.figure.low, each.figure.high) if v is not None]
        seen += [v for each in stretches if each.limits for v in each.limits[:2]]
        scale = charts.Scale.around(seen, (low, high), (high - low) * LEAST_SPAN)
        points = [self._trend_point(metric, each) for each in stretches]
        ticks = [(tick, self.wording.bare(metric, tick)) for tick in scale.ticks()]
        label = self.wording._("Trend of %(name)s", name=name)
        return charts.trend(points, scale, ticks, label, breaks, self.mirror, pins)

    def _trend_point(self, metric: Metric, stretch: Stretch) -> charts.TrendPoint:
        shown, say = stretch.figure, self.wording
        day = say.speaker.day(stretch.period.first, "d MMM" if say.speaker.language == "en" else "d. MMM")
        said = say._(
            "%(days)s: %(score)s (%(interval)s), n = %(n)s",
            days=say.days(stretch.period),
            score=say.value(metric, shown.value),
            interval=say.interval(shown),
            n=say.count(shown.n),
        )
        limits = (stretch.limits.low, stretch.limits.high) if stretch.limits else None
        return charts.TrendPoint(day, shown.value, shown.low, shown.high, said, limits)

    def _pins(self, page: TouchpointPage) -> list[charts.Pin]:
        """What was done in which stretch."""
        return [
            charts.Pin(
                index, self.wording._("%(day)s: done: %(what)s", day=self.wording.speaker.day(day), what=what)
            )
            for day, what in page.pins.items()
            for index, each in enumerate(page.trend)
            if day in each.period
        ]

    def _breaks(self, page: TouchpointPage) -> list[charts.SeriesBreak]:
        label = self.wording._("question changed")
        return [
            charts.SeriesBreak(index, label)
            for mark in page.breaks
            for index, each in enumerate(page.trend)
            if mark.day in each.period and index > 0
        ]

    def said(self, step: StepView) -> str:
        """One step's measurement as a sentence, for those who hover or listen."""
        _ = self.wording._
        if step.reading is None:
            measurable = step.at.measurable
            why = _("nothing measured in this period") if measurable else _("not measured")
            return f"{step.at.label}: {why}"
        reading = step.reading
        return _(
            "%(step)s: %(metric)s %(score)s (%(interval)s), n = %(n)s",
            step=step.at.label,
            metric=self.wording.short(reading.metric),
            score=self.wording.value(reading.metric, reading.figure.value),
            interval=self.wording.interval(reading.figure),
            n=self.wording.count(reading.figure.n),
        )

    def _curve_step(self, step: StepView) -> charts.CurveStep:
        expected = expected_points(step.at.expectation().value)
        if step.reading is None or step.beside:
            return charts.CurveStep(self.said(step), expected=expected)
        net = step.reading.net
        shown = self.wording.value(NET, net.value)
        return charts.CurveStep(self.said(step), net.value, net.low, net.high, expected, step.pain, shown)

    def _slope_end(self, step: StepView) -> charts.SlopeEnd:
        shown = step.reading.figure if step.reading else None
        if shown is None or shown.value is None or shown.low is None or shown.high is None:
            raise ValueError("a handover lies between two measured steps")
        text = self.wording.value(self.wording.metric(shown.metric), shown.value)
        return charts.SlopeEnd(shown.value, shown.low, shown.high, text)

    def _ends(self, metric: Metric, values: list[float]) -> str:
        if not values:
            return self.wording._("no data")
        return f"{self.wording.value(metric, values[0])} → {self.wording.value(metric, values[-1])}"
