"""What is sent, apart from how: the survey behind an invitation in its language, and the links that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collector.deliveries.models import Delivery


@dataclass(frozen=True)
class Score:
    """One answer that a link chooses: ``value`` as the hosted page takes it, ``label`` as people read it."""

    value: str
    label: str


@dataclass(frozen=True)
class Message:
    """One invitation, ready to be put into an e-mail or a text message."""

    delivery: Delivery
    company: str
    survey: Mapping[str, Any]
    words: dict[str, str]
    link: str
    short_link: str
    unsubscribe_link: str

    @property
    def question(self) -> str:
        """The question asked first: the score's, where there is one."""
        return str(_first(self.survey)["text"])

    @property
    def scores(self) -> list[Score]:
        """The answers that can be chosen with one click; none where nothing is asked that a click could answer."""
        first = _first(self.survey)
        return _scores(first) if first["id"] == "score" else []

    @property
    def ends(self) -> tuple[str, str]:
        """The words at the two ends of a numbered scale, or empty ones."""
        first = _first(self.survey)
        return str(first.get("low", "")), str(first.get("high", ""))


def _first(survey: Mapping[str, Any]) -> Any:
    questions = survey["questions"]
    return next((question for question in questions if question["id"] == "score"), questions[0])


def _scores(question: Any) -> list[Score]:
    if options := question.get("options"):
        return [Score(option["key"], option["label"]) for option in options] if len(options) <= 7 else []
    if question["kind"] == "thumbs":
        return [Score(value, label) for value, label in zip("10", question["labels"], strict=True)]
    if "min" not in question:
        return []
    points = range(question["min"], question["max"] + 1)
    labels = question.get("labels") or [str(point) for point in points]
    return [Score(str(point), label) for point, label in zip(points, labels, strict=True)]
