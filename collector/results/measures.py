"""What a run can measure: the survey's own metric, or another question of it, as groups of answers and a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from collector import kpis, surveys
from collector.instruments import MEASURES
from collector.statistics import Group

LEADING = "score"


@dataclass(frozen=True)
class Measure:
    """One question and the figure made of it. ``key`` is the survey's metric, or the question's id."""

    key: str
    question: str
    metric: kpis.Metric

    @property
    def unit(self) -> float:
        """What a figure of the counts is multiplied by, to be what people read."""
        return 1 if self.metric.kind == "mean" else 100

    @property
    def span(self) -> float:
        """The width of the scale in counts."""
        low, high = _bounds(self.metric)
        return high - low

    def group(self, scores: Iterable[int]) -> Group:
        """Answers as one side of a comparison."""
        low, high = _bounds(self.metric)
        return Group.of(Counter(map(self._counted, scores)), low, high, self.unit)

    def _counted(self, score: int) -> int:
        if self.metric.kind == "mean":
            return score
        favourable = score in self.metric.top
        return int(favourable) - int(self.metric.kind == "net" and score in self.metric.bottom)


def of_survey(published: surveys.Published) -> dict[str, Measure]:
    """The measures of a survey by key, its own metric first."""
    found = {}
    for question in published.template.questions:
        key = published.metric if question.id == LEADING else question.id
        name = published.metric if question.id == LEADING else _metric_of(question.kind)
        if name in kpis.METRICS:
            found[key] = Measure(key, question.id, kpis.METRICS[name])
    return found


def _metric_of(kind: str) -> str:
    return next((metric for metric, of in MEASURES.items() if of.key == kind), "")


def _bounds(metric: kpis.Metric) -> tuple[int, int]:
    if metric.kind == "mean":
        return metric.lowest, metric.highest
    return (-1, 1) if metric.kind == "net" else (0, 1)
