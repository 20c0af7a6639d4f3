"""How often each answer was given in a run, question by question, and what a Kano pair makes of a feature.

Shown once the verdict may be: not while a fixed number is still collected, not while the sample ratio alarms, and of five
people or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import surveys
from collector.communities.runs import StoredRun
from collector.instruments import COMPOSITES, KINDS, Question
from collector.responses import Response
from collector.results import measures, reading
from collector.results.verdict import Verdict
from collector.statistics import K, kano
from collector.workspaces import sight


@dataclass(frozen=True)
class Row:
    """An answer, how many gave it, and their part of all who answered."""

    label: str
    n: int
    share: float


@dataclass(frozen=True)
class Tally:
    """One question's answers, or (without a text) what a Kano pair sorts people's answers into."""

    text: str
    n: int
    rows: Sequence[Row]
    leading: str = ""
    """The most frequent category where it stands apart from the next (Fong), else nothing."""
    better_worse: tuple[float, float] | None = None


def of_run(
    session: Session, run: StoredRun, verdict: Verdict, language: str, variant: str | None = None
) -> list[Tally]:
    """The tallies of a run (or of a variant) in a language; none while nothing may be shown of it."""
    if not verdict.may_be_seen:
        return []
    published = reading.measured(session, run.workspace_id, run.survey)
    questions = surveys.localised(published, [language])["questions"]
    with sight.whole(session):  # only counted
        given = _given(session, run, variant)
    found = [*_sorted(published, given), *(_tally(each, given) for each in questions if is_counted(each))]
    return [tally for tally in found if tally.n >= K]


def _given(session: Session, run: StoredRun, variant: str | None) -> list[Mapping[str, Any]]:
    query = select(Response.answers).where(Response.workspace_id == run.workspace_id, Response.run == run.key)
    query = query.where(Response.variant == variant) if variant else query
    return list(session.scalars(query))


def is_counted(question: Question) -> bool:
    """Whether its answers are given by a scale or from a list."""
    kind = KINDS[question["kind"]]
    return kind.scale is not None or kind.options is not None


def _tally(question: Question, given: Sequence[Mapping[str, Any]]) -> Tally:
    said = [answers[question["id"]] for answers in given if question["id"] in answers]
    counts = Counter(one for each in said for one in (each if isinstance(each, list) else [each]))
    rows = [Row(label, counts[value], counts[value] / max(1, len(said))) for value, label in labels(question)]
    return Tally(question["text"], len(said), rows)


def labels(question: Question) -> Iterator[tuple[Any, str]]:
    """Each answer that can be given, with its words."""
    if "options" in question:
        yield from ((option["key"], option["label"]) for option in question["options"])
        return
    scale = list(KINDS[question["kind"]].scale or ())
    words = question.get("labels", [])
    if question["kind"] == "thumbs":
        words = words[::-1]
    ends = {scale[0]: question.get("low", ""), scale[-1]: question.get("high", "")}
    for value, label in zip(scale, words or [ends.get(value, "") for value in scale], strict=True):
        yield value, label if question["kind"] == "thumbs" else f"{value} {label}".strip()


def _sorted(published: surveys.Published, given: Sequence[Mapping[str, Any]]) -> Iterator[Tally]:
    """What a survey's composite with categories makes of each person's answers."""
    for key, items in published.template.composites.items():
        if categories := COMPOSITES[key].categories:
            sorted_as = [measures.together(key, items, {}, answers) for answers in given]
            counts = Counter(place for place in sorted_as if place is not None)
            n = counts.total()
            rows = [Row(each, counts[at], counts[at] / max(1, n)) for at, each in enumerate(categories)]
            leading = max(rows, key=lambda row: row.n).label if kano.stands_apart(counts) else ""
            yield Tally("", n, rows, leading, kano.better_worse(counts))
