"""What a run can measure: the survey's own metric, what several answers make together, each further question, each option.

A measure turns one person's answers into a whole number, and people's numbers into a group that verdicts compare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from collector import kpis, surveys
from collector.instruments import COMPOSITES, KINDS, Template
from collector.statistics import Group

LEADING = "score"
Scores = Mapping[str, int]
"""question id -> its score."""
Count = Callable[[Scores, Mapping[str, Any]], int | None]


@dataclass(frozen=True)
class Measure:
    """A figure made of counts between ``lowest`` and ``highest``, times ``unit``: a net share, a share, or a mean.

    ``key`` is the survey's metric, a composite's key, a question's id, ``question.option`` for the share of an option,
    or ``question.hit`` for the share of clicks that hit.
    """

    key: str
    kind: Literal["net", "share", "mean"]
    lowest: int
    highest: int
    unit: float
    count: Count
    is_leading: bool = False
    """Whether it is read from the score alone."""

    @property
    def span(self) -> float:
        """The width of the scale in counts."""
        return self.highest - self.lowest

    def group(self, counts: Iterable[int]) -> Group:
        """People as one side of a comparison."""
        return Group.of(Counter(counts), self.lowest, self.highest, self.unit)


def of_survey(published: surveys.Published) -> dict[str, Measure]:
    """The measures of a survey by key, its own metric first."""
    return of_template(published.template)


def of_template(template: Template) -> dict[str, Measure]:
    """What is measured by whoever asks with a template, the first that runs are about first."""
    every = [
        *_own(template),
        *_composites(template),
        *_questions(template),
        *_options(template),
        *_clicks(template),
    ]
    return {each.key: each for each in every}


def of_metric(key: str) -> Measure:
    """What a survey's own metric measures."""
    return _of_metric(key, LEADING, kpis.METRICS[key], is_leading=True)


def _own(template: Template) -> Iterator[Measure]:
    if template.metric in kpis.METRICS:
        yield of_metric(template.metric)


def _composites(template: Template) -> Iterator[Measure]:
    for key, items in template.composites.items():
        of, counted = COMPOSITES[key], partial(together, key, items)
        if not of.categories:
            yield Measure(key, "mean", of.counts[0], of.counts[-1], of.unit, counted)
        for place, category in enumerate(of.categories):
            yield Measure(f"{key}.{category}", "share", 0, 1, 100, partial(_sorted_as, place, counted))


def _questions(template: Template) -> Iterator[Measure]:
    """Each question on a scale, besides the leading one."""
    for question in template.questions:
        kind = KINDS[question.kind]
        if (question.id == LEADING and template.metric) or kind.scale is None:
            continue
        if kind.metrics:
            yield _of_metric(question.id, question.id, kpis.METRICS[kind.metrics[0]])
        else:
            yield Measure(
                question.id, "mean", kind.scale[0], kind.scale[-1], 1, partial(_as_given, question.id)
            )


def _options(template: Template) -> Iterator[Measure]:
    """Of each option that has no place on a scale, the share of those who choose it."""
    for question in template.questions:
        if KINDS[question.kind].options == ():
            for option in question.options:
                counted = partial(_chosen, question.id, option)
                yield Measure(f"{question.id}.{option}", "share", 0, 1, 100, counted)


def _clicks(template: Template) -> Iterator[Measure]:
    """Of a click on a picture, the share of those who hit."""
    if template.click:
        key = hits(template.click)
        yield Measure(key, "share", 0, 1, 100, partial(_as_given, key))


def hits(question: str) -> str:
    """The measure that counts who hit: the run knows the areas, and gives each click its score (see ``reading``)."""
    return f"{question}.hit"


def _of_metric(key: str, question: str, metric: kpis.Metric, is_leading: bool = False) -> Measure:
    if metric.kind == "mean":
        return Measure(
            key, "mean", metric.lowest, metric.highest, 1, partial(_as_given, question), is_leading
        )
    lowest = -1 if metric.kind == "net" else 0
    return Measure(key, metric.kind, lowest, 1, 100, partial(_in_bands, question, metric), is_leading)


def _as_given(question: str, scores: Scores, _answers: Mapping[str, Any]) -> int | None:
    return scores.get(question)


def _in_bands(question: str, metric: kpis.Metric, scores: Scores, _answers: Mapping[str, Any]) -> int | None:
    """1 for a favourable answer; of a net share -1 for an unfavourable one."""
    score = scores.get(question)
    if score is None:
        return None
    return int(score in metric.top) - int(metric.kind == "net" and score in metric.bottom)


def together(key: str, items: tuple[str, ...], scores: Scores, answers: Mapping[str, Any]) -> int | None:
    """Of whoever has answered all items."""
    of = COMPOSITES[key]
    known = scores
    if of.options:
        known = {item: of.options.index(answers[item]) for item in items if item in answers}
    found = [known[item] for item in items if item in known]
    return of.count(found) if len(found) == len(items) else None


def _sorted_as(place: int, counted: Count, scores: Scores, answers: Mapping[str, Any]) -> int | None:
    """1 for whoever is sorted into this category."""
    found = counted(scores, answers)
    return None if found is None else int(found == place)


def _chosen(question: str, option: str, _scores: Scores, answers: Mapping[str, Any]) -> int | None:
    """Of whoever has answered the question: whether this option is among what they chose."""
    said = answers.get(question)
    if said is None:
        return None
    return int(option in said) if isinstance(said, list) else int(said == option)
