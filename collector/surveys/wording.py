"""Whether a survey can say its question: what it is about needs a text in each language that names it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from collector import errors
from collector.instruments import (
    Subject,
    Template,
    offered_locales,
    own,
    shipped_words,
    whole_locales,
)
from collector.surveys.models import Survey

SILENT = "A question would not say what it is about."


def check_subjects(
    session: Session,
    workspace_id: uuid.UUID,
    entries: Sequence[Mapping[str, Any]],
    known: Mapping[str, Survey | None],
) -> dict[str, list[str]]:
    """survey -> the languages in which nobody is asked; raises 422 where that is every language.

    A draft asks nobody yet, and may be silent until it is published; a closed survey asks nobody any more.
    """
    wrong: dict[str, list[str]] = {}
    untold: dict[str, list[str]] = {}
    for index, entry in enumerate(entries):
        template = entry.get("worded") or own.find(session, workspace_id, entry["template"])
        subject: Subject = entry["subject"]
        if missing := unasked_locales(template, subject):
            untold[entry["key"]] = missing
        may_wait = _asks_nobody(entry, known[entry["key"]]) and isinstance(subject, str)
        if not may_wait and not offered_locales(template, shipped_words(), subject):
            wrong[f"surveys.{index}.subject"] = [
                f"has a text in no language of the template ({_spoken(template)})"
            ]
    if wrong:
        raise errors.BadInput(SILENT, "no_subject", wrong)
    return untold


def check_asks(template: Template, subject: Subject) -> None:
    """Raises 422 for a survey that would say in no language what it is about."""
    if not offered_locales(template, shipped_words(), subject):
        raise errors.BadInput(
            SILENT,
            "no_subject",
            {"subject": [f"has a text in no language of the template ({_spoken(template)})"]},
        )


def unasked_locales(template: Template, subject: Subject) -> list[str]:
    """The languages that the template speaks whole, and in which nobody is asked: the subject has no text there."""
    offered = offered_locales(template, shipped_words(), subject)
    return [tag for tag in whole_locales(template, shipped_words()) if tag not in offered]


def _asks_nobody(entry: Mapping[str, Any], survey: Survey | None) -> bool:
    state = entry.get("state") or (survey.state if survey else "published")
    return state in {"draft", "closed"}


def _spoken(template: Template) -> str:
    return ", ".join(template.locales)
