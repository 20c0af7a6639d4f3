"""How figures are said: with their unit, a true minus sign, and "no data" where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.units import format_unit

from collector import insights
from collector.dashboard.common_scale import NET
from collector.dashboard.period import Period
from collector.journeys import BY_KEY
from collector.kpis import METRICS, Figure, Metric, Verdict
from collector.locale import Speaker
from collector.statistics import Compared

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Wording:
    """Says figures in one language."""

    speaker: Speaker

    def _(self, message: str, **values: object) -> str:
        said = self.speaker.gettext(message)
        return said % values if values else said

    def insight_state(self, key: str) -> str:
        """What the state of an insight is called."""
        return insights.wording.state(key, self.speaker.gettext)

    def value(self, metric: Metric, value: float | None) -> str:
        """The leading number: ``+31``, ``81 %``, ``5.6``."""
        if value is None:
            return self._("no data")
        if metric.kind == "net":
            return self._true_minus(self.speaker.number(value, 0, sign=True))
        if metric.kind == "share":
            return self.speaker.percent(value / 100)
        return self._true_minus(self.speaker.number(value, 1))

    def bare(self, metric: Metric, value: float, finer: int = 0) -> str:
        """The number without its unit, for the ends of an interval and the ticks of an axis."""
        digits = finer + (1 if metric.kind == "mean" else 0)
        return self._true_minus(self.speaker.number(value, digits, sign=metric.kind == "net"))

    def band(self, metric: Metric, scores: range) -> str:
        """Which answers a band holds: ``9, 10``, ``0 to 6``, ``yes``."""
        if len(scores) > 2:
            low, high = (self.bare_score(score) for score in (scores[0], scores[-1]))
            return self._("%(low)s to %(high)s", low=low, high=high)
        return ", ".join(self.score_name(metric, score) for score in scores)

    def interval(self, shown: Figure) -> str:
        """``-12 to +4``: where the true value lies, with 95 % confidence."""
        if shown.low is None or shown.high is None:
            return ""
        metric = self.metric(shown.metric)
        return self._ends(shown.low, shown.high, lambda value, finer: self.bare(metric, value, finer))

    def _ends(self, low: float, high: float, said: Callable[[float, int], str]) -> str:
        """Both ends of an interval, as fine as it takes for them not to look the same: no sample is without chance."""
        ends = [(said(low, finer), said(high, finer)) for finer in range(3)]
        near, far = next((each for each in ends if each[0] != each[1]), ends[0])
        return self._("%(low)s to %(high)s", low=near, high=far)

    def difference(self, metric: Metric, value: float) -> str:
        """A difference of two figures of a metric, always with its sign; one that is not 0 is not rounded to 0."""
        return self._true_minus(self.speaker.number(value, _digits(metric, value), sign=True))

    def gap(self, verdict: Verdict) -> str:
        """The stated size with its unit: ``38 points`` of NPS, ``12 percentage points`` of a share, ``0.7 scale points``."""
        return self._in_unit(verdict.metric, self.size(verdict), verdict.shrunken)

    def moved_by(self, metric: Metric, value: float) -> str:
        """A difference with its sign and unit: ``+4 points``."""
        return self._in_unit(metric, self.difference(metric, value), value)

    def _in_unit(self, metric: Metric, size: str, value: float) -> str:
        ngettext, n = self.speaker.ngettext, round(abs(value))
        said = {
            "points": ngettext("%(size)s point", "%(size)s points", n),
            "%": ngettext("%(size)s percentage point", "%(size)s percentage points", n),
            "stars": self._("%(size)s stars"),
        }
        return said.get(metric.unit, self._("%(size)s scale points")) % {"size": size}

    def change(self, verdict: Verdict) -> str:
        """How far a figure moved for certain, as the verdict states it: ``▲ up 4``, ``▼ down 0.3``."""
        size = self.size(verdict)
        return (
            "▼ " + self._("down %(size)s", size=size)
            if verdict.falls
            else "▲ " + self._("up %(size)s", size=size)
        )

    def size(self, verdict: Verdict) -> str:
        """The stated size of a difference, without its sign: ``38``, of a mean ``0.7``."""
        return self._unsigned(verdict.metric, verdict.shrunken)

    def bounds(self, verdict: Verdict) -> str:
        """Between which sizes the difference lies, the smaller first: ``12 to 41``; with its sign where it may be none."""
        if verdict.low < 0 < verdict.high:
            return self._(
                "%(low)s to %(high)s",
                low=self.difference(verdict.metric, verdict.low),
                high=self.difference(verdict.metric, verdict.high),
            )
        near, far = sorted((abs(verdict.low), abs(verdict.high)))
        low, high = (self._unsigned(verdict.metric, each) for each in (near, far))
        return self._("%(low)s to %(high)s", low=low, high=high)

    def basis(self, verdict: Verdict) -> str:
        """What a difference rests on: ``12 to 41, n 80 and 95``, the answers in the order in which its sentence names the sides."""
        first, second = verdict.n[::-1] if verdict.kind == "handover" else verdict.n
        return self._(
            "%(bounds)s, n %(first)s and %(second)s",
            bounds=self.bounds(verdict),
            first=self.count(first),
            second=self.count(second),
        )

    def _unsigned(self, metric: Metric, value: float) -> str:
        return self.speaker.number(abs(value), _digits(metric, value))

    def group(self, verdict: Verdict) -> str:
        """The group of customers that a verdict is about: ``senior``, ``tariff = L``."""
        of = verdict.subject.of
        name = next((key for key in of if key not in {"touchpoint", "persona"}), None)
        return f"{name.partition('.')[2]} = {of[name]}" if name else of.get("persona", "")

    def looked_at(self, compared: Sequence[Compared]) -> list[str]:
        """What was compared, and with how many answers at least: ``6 handovers (from 84 answers on each side)``."""
        return [
            self._(
                "%(what)s (from %(n)s answers on each side)",
                what=self._pairs(each),
                n=self.count(each.n_least),
            )
            for each in compared
        ]

    def _pairs(self, compared: Compared) -> str:
        n, ngettext = compared.comparisons, self.speaker.ngettext
        said = {
            "handover": ngettext("%(num)s handover", "%(num)s handovers", n),
            "touchpoint": ngettext(
                "%(num)s touchpoint with the others", "%(num)s touchpoints, each with the others", n
            ),
            "period": ngettext(
                "%(num)s touchpoint with the period before", "%(num)s touchpoints with the period before", n
            ),
            "channel": ngettext("%(num)s channel with the others", "%(num)s channels with the others", n),
            "segment": ngettext("%(num)s group of customers", "%(num)s groups of customers", n),
        }[compared.kind]
        return said % {"num": self.count(n)}

    def duration(self, wait: timedelta) -> str:
        """``40 min``, ``7.5 hrs``, ``3.2 days``: in the unit in which people would say it."""
        seconds = wait.total_seconds()
        units = (("day", 86_400, 172_800), ("hour", 3_600, 3_600), ("minute", 60, 0))
        unit, size, _least = next(each for each in units if seconds >= each[2])
        value = round(seconds / size, 0 if unit == "minute" else 1)
        return format_unit(value, f"duration-{unit}", "short", locale=self.speaker.language.replace("-", "_"))

    def count(self, n: int | None) -> str:
        return self.speaker.number(n)

    def rate(self, share: float | None) -> str:
        return self.speaker.percent(share)

    def rates(self, low: float, high: float) -> str:
        """The interval of a share, 0 to 1: ``17 % to 30 %``."""
        return self._ends(low, high, self.speaker.percent)

    def outcome(self, kind: str) -> str:
        """What a kind of outcome is called."""
        names = {
            "revenue": self._("Revenue"),
            "cost": self._("Cost"),
            "churn": self._("Left us"),
            "repeat_contact": self._("Had to come back"),
            "resolved": self._("Resolved"),
        }
        return names.get(kind, kind)

    def amount(self, value: float, unit: str) -> str:
        """An amount with its unit: ``12.30 EUR``, ``41 %``; large ones without decimals."""
        digits = 0 if unit == "%" or abs(value) >= 1000 else 2
        return f"{self._true_minus(self.speaker.number(value, digits))} {unit}".strip()

    def score_band(self, band: str) -> str:
        """``top`` is what happy customers gave."""
        names = {"bottom": self._("Unhappy"), "middle": self._("In between"), "top": self._("Happy")}
        return names[band]

    def metric(self, key: str) -> Metric:
        return NET if key == NET.key else METRICS[key]

    def beside(self, key: str) -> str:
        """What stands beside a score of a metric, by its key; nothing for a survey that has none of its own."""
        return self.short(METRICS[key]) if key in METRICS else ""

    def short(self, metric: Metric) -> str:
        """What stands beside a score: NPS, CSAT, ..."""
        names = {
            "nps": "NPS",
            "csat": "CSAT",
            "ces": "CES",
            "helpful": self._("Helpful"),
            "clear": self._("Clear"),
            "fcr": self._("Solved at first contact"),
            "goal": self._("Goal"),
            "exit": self._("Found it"),
            "stars": self._("Stars"),
            "emotion": self._("Emotion"),
            "net": self._("Net share"),
        }
        return names[metric.key]

    def score_name(self, metric: Metric, score: int) -> str:
        """One answer on its scale, as it is written under a column."""
        two = {0: self._("no"), 1: self._("yes")}
        three = {0: self._("no"), 1: self._("partly"), 2: self._("yes")}
        names = {"helpful": two, "clear": two, "fcr": two, "goal": three, "exit": three}
        return names.get(metric.key, {}).get(score) or self.bare_score(score)

    def bare_score(self, score: int | None) -> str:
        """A score with a true minus sign; an en dash where there is none."""
        return self._true_minus(self.speaker.number(score))

    def channel(self, key: str | None) -> str:
        return self._(BY_KEY[key].name) if key in BY_KEY else key or ""

    def stage(self, key: str) -> str:
        names = {
            "before": self._("Before the sale"),
            "during": self._("During the sale"),
            "after": self._("After the sale"),
        }
        return names[key]

    def expectation(self, value: int) -> str:
        """What the team expects, in words."""
        words = {
            -2: self._("dread"),
            -1: self._("unease"),
            0: self._("neutral"),
            1: self._("content"),
            2: self._("delight"),
        }
        return words[value]

    def names(self, items: Sequence[object]) -> str:
        """ "Sales and Operations"; "nobody" where there is none."""
        said = [str(getattr(item, "name", item)) for item in items]
        if not said:
            return self._("nobody")
        if len(said) == 1:
            return said[0]
        return self._("%(first)s and %(last)s", first=", ".join(said[:-1]), last=said[-1])

    def period(self, period: Period) -> str:
        if period.preset:
            return self._("last %(days)s days", days=period.preset)
        return self.days(period)

    def moment(self, at: datetime) -> str:
        """A day and a time of day, with the zone."""
        return self.speaker.moment(at)

    def days(self, period: Period) -> str:
        """The two ends: ``3 Aug - 21 Nov 2026``."""
        if period.days == 1:
            return self.speaker.day(period.first)
        return f"{self.speaker.day(period.first)} – {self.speaker.day(period.last)}"

    def _true_minus(self, text: str) -> str:
        """A true minus; kept together with its number where the writing runs from right to left."""
        shown = text.replace("-", MINUS)
        return f"\u2066{shown}\u2069" if self.speaker.direction == "rtl" else shown


def _digits(metric: Metric, value: float) -> int:
    """Decimals of a difference: one for means, and for what would be rounded to 0 without being 0."""
    return 1 if metric.kind == "mean" or 0.05 <= abs(value) < 0.5 else 0
