"""Which columns of a file are questions with a score, what each of them asked, and which words belong to it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collector import errors, journeys
from collector.exchange.describing import MAIL
from collector.exchange.tools import scores
from collector.exchange.tools.choices import Asked, Choices
from collector.exchange.tools.looking import Look
from collector.exchange.tools.scores import Scores
from collector.instruments import MEASURES

TELLING: Mapping[str, str] = {
    "nps": r"(^|[\W_])nps([\W_]|$)|net.?promoter|recommend|weiterempfehl|empfehlen|recomend|recommand",
    "csat": r"(^|[\W_])csat([\W_]|$)|satisf|zufrieden",
    "ces": r"(^|[\W_])ces([\W_]|$)|effort|how easy|wie einfach|wie leicht|aufwand",
}
"""Metric -> how its question is worded. Others are taken where somebody says so."""
NUMBERED = re.compile(r"^\d+[.)]\s+")
"""A question's place in its survey, which may change."""
SHORT, LONGEST = 20, 40
PROSE = 3
"""Words in a text from which on it is more than a choice."""


@dataclass(frozen=True)
class Question:
    """A column of scores: its metric, where it belongs, its comments, the rows that it holds for, and its words' scores.

    ``source`` keeps its answers apart from those of every other question.
    """

    column: str
    wording: str
    metric: str
    source: str
    touchpoint: str | None
    comment: str | None = None
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)


def found(tool: str, look: Look, choices: Choices) -> list[Question]:
    """The questions that will be taken: those that are named, else those that the tool or their wording tells."""
    asked = choices.questions
    if asked:
        return [_named(tool, look, choices, name, each) for name, each in asked.items() if look.named([name])]
    if look.role("score"):
        return list(_by_kind(tool, look, choices))
    told = ((column, metric) for column in candidates(look) if (metric := _told(look, column)))
    return [_question(tool, look, choices, column, Asked(metric)) for column, metric in told]


def candidates(look: Look) -> list[str]:
    """Columns that are none of the tool's own and hold scores only."""
    return [column for column in free(look) if scores.read(look.columns[column].texts)]


def free(look: Look) -> list[str]:
    """Columns with something in them that the tool's description does not speak of."""
    own = {column for role in look.shape.roles for column in look.role(role)}
    own |= set(look.named([*look.shape.own, *look.shape.skip]))
    own |= set(look.named([name for fact in look.shape.facts for name in fact.columns]))
    own |= {column for column in look.columns if look.shape.derived and re.search(look.shape.derived, column)}
    return [column for column, held in look.columns.items() if held.filled and column not in own]


def _by_kind(tool: str, look: Look, choices: Choices) -> Iterator[Question]:
    """The tool's one column of scores: a question for each metric that its rows name."""
    (score, *_), kinds = look.role("score"), look.role("kind")
    comment = next(iter(look.role("comment")), None)
    texts = look.columns[kinds[0]].texts if kinds else {}
    for metric in dict.fromkeys(look.shape.metrics.values()):
        of = frozenset(text for text in texts if look.shape.metrics.get(text.casefold()) == metric)
        if of:
            only = {kinds[0]: of}
            yield Question(score, metric, metric, f"{tool}-{metric}", choices.touchpoint, comment, only)


def _named(tool: str, look: Look, choices: Choices, name: str, asked: Asked) -> Question:
    (column,) = look.named([name])
    singly = (scores.read([text]) for text in look.columns[column].texts)
    if MEASURES[asked.metric].options is None and not any(_fits(asked.metric, each) for each in singly):
        raise errors.BadInput(
            f"{look.path.name}: {column!r} holds texts that are no scores of {asked.metric}; export values instead of labels.",
            "no_scores",
        )
    return _question(tool, look, choices, column, asked)


def _question(tool: str, look: Look, choices: Choices, column: str, asked: Asked) -> Question:
    wording, texts = NUMBERED.sub("", look.wording(column)), look.columns[column].texts
    return Question(
        column=column,
        wording=wording,
        metric=asked.metric,
        source=_source(tool, f"{wording} {choices.survey}"),
        touchpoint=asked.touchpoint or choices.touchpoint,
        comment=_comment(look, column, choices),
        words={} if MEASURES[asked.metric].options else scores.words_of(texts),
    )


def _source(tool: str, wording: str) -> str:
    """The same for the same question of the same survey: its first words, and a few characters of all of them."""
    digest = hashlib.sha256(" ".join(wording.split()).casefold().encode()).hexdigest()[:6]
    words = journeys.free_key(wording, (), "question")[:SHORT].strip("-") or "question"
    return f"{tool}-{words}-{digest}"[:LONGEST]


def _comment(look: Look, column: str, choices: Choices) -> str | None:
    """The first free text behind a question and before the next one; what is named goes before."""
    named = look.named([choices.comment]) if choices.comment else look.role("comment")
    if named:
        return named[0]
    behind = free(look)
    behind = behind[behind.index(column) + 1 :] if column in behind else []
    for each in behind:
        texts = list(look.columns[each].texts)
        if scores.read(texts):
            return None
        if _is_prose(texts):
            return each
    return None


def _told(look: Look, column: str) -> str | None:
    """The metric that a question's wording tells, where its scores can be that; five steps of effort are no seven."""
    said = f"{column} {look.wording(column)}"
    read = scores.read(look.columns[column].texts)
    for metric, pattern in TELLING.items():
        enough = metric != "ces" or (read is not None and (read.steps or max(read.all) > 5))
        if re.search(pattern, said, re.IGNORECASE) and _fits(metric, read) and enough:
            return metric
    return None


def _fits(metric: str, read: Scores | None) -> bool:
    """Whether these can be scores of this metric: on its scale, and words of as many steps as it has."""
    points = MEASURES[metric].scale or range(0)
    if read is None or not points or (read.steps and read.steps != len(points)):
        return False
    return bool(read.steps) or (min(read.all) >= points[0] and max(read.all) <= points[-1])


def _is_prose(texts: Sequence[str]) -> bool:
    return any(len(text.split()) >= PROSE for text in texts) and not any(map(MAIL.match, texts))
