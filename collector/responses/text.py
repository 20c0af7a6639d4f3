"""What customers type, made fit to keep: trimmed, in one Unicode form, without control characters, masked."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from collector import surveys
from collector.responses.masking import mask

KEPT = {"\n", "\t"}
TYPED = {"comment", "short_text"}


def clean(answer: Any) -> Any:
    """A text without control characters and outer space (newlines become ``\\n``); anything else as it is."""
    if not isinstance(answer, str):
        return answer
    lines = unicodedata.normalize("NFC", answer.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in lines if c in KEPT or unicodedata.category(c) != "Cc").strip()


def tidy(published: surveys.Published, answers: Mapping[str, Any], masked: bool) -> dict[str, Any]:
    """Answers as they are stored: texts cleaned, and what was typed freely masked where the workspace wants it."""
    typed = {question.id for question in published.template.questions if question.kind in TYPED}
    tidied = {}
    for question, answer in answers.items():
        cleaned = clean(answer)
        free = masked and question in typed and isinstance(cleaned, str)
        tidied[question] = mask(cleaned) if free else cleaned
    return tidied
