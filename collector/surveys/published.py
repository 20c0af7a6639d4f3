"""A survey version as it is asked: pure reading of an immutable definition."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from collector.instruments import KINDS, Localised, Question, Subject, Template, flow, localise


@dataclass(frozen=True)
class Published:
    """One version of a survey, with the touchpoint and the series its answers belong to."""

    workspace_id: uuid.UUID
    key: str
    version: int
    series_id: uuid.UUID
    metric: str
    touchpoint: str
    journey: str | None
    target: str
    subject: Subject
    template: Template

    def __hash__(self) -> int:
        return hash((self.workspace_id, self.key, self.version))


def localised(published: Published, preferred: Sequence[str]) -> Localised:
    """``locale``, ``dir``, ``questions``, ``words`` and ``footnote`` in the best locale, as the wire has them."""
    return _localised(published, tuple(preferred))


def check_answers(published: Published, answers: Mapping[str, Any], complete: bool) -> dict[str, str]:
    """question id -> refusal code, for answers that do not fit."""
    return flow.check_answers(_questions(published), answers, complete)


def score_of(published: Published, answers: Mapping[str, Any]) -> int | None:
    """The score as the rollup counts it, or None where the score question has no answer yet."""
    question = next((question for question in _questions(published) if question["id"] == "score"), None)
    if question is None or "score" not in answers:
        return None
    return KINDS[question["kind"]].score(question, answers["score"])


def scores_of(published: Published, answers: Mapping[str, Any]) -> dict[str, int]:
    """question id -> its score, for each answered question that has one."""
    known = {question["id"]: question for question in _questions(published) if question["id"] in answers}
    found = {key: KINDS[question["kind"]].score(question, answers[key]) for key, question in known.items()}
    return {key: score for key, score in found.items() if score is not None}


@lru_cache(maxsize=4096)
def _localised(published: Published, preferred: tuple[str, ...]) -> Localised:
    return localise(published.template, published.subject, preferred)


def _questions(published: Published) -> list[Question]:
    return _localised(published, published.template.locales[:1])["questions"]
