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
    completeness,
    offered_locales,
    own,
    shipped_words,
    without_subject,
)


def check_subjects(
    session: Session, workspace_id: uuid.UUID, entries: Sequence[Mapping[str, Any]]
) -> dict[str, list[str]]:
    """survey -> the languages in which nobody is asked; raises 422 where that is every language."""
    wrong: dict[str, list[str]] = {}
    untold: dict[str, list[str]] = {}
    for index, entry in enumerate(entries):
        template = entry.get("worded") or own.find(session, workspace_id, entry["template"])
        subject: Subject = entry["subject"]
        if missing := unasked_locales(template, subject):
            untold[entry["key"]] = missing
        if not isinstance(subject, str) and not offered_locales(template, shipped_words(), subject):
            spoken = ", ".join(template.locales)
            wrong[f"surveys.{index}.subject"] = [f"has a text in no language of the template ({spoken})"]
    if wrong:
        raise errors.BadInput("A question would not say what it is about.", "no_subject", wrong)
    return untold


def unasked_locales(template: Template, subject: Subject) -> list[str]:
    """The languages that the template speaks whole, and in which its subject, given by language, has no text."""
    if isinstance(subject, str):
        return []
    whole = [tag for tag, report in completeness(template, shipped_words()).items() if report.complete]
    return without_subject(template, subject, whole)
