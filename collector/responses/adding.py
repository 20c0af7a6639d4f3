"""More of an answer that stands: the first answer to a question stands (the score, once it has settled), the rest joins it.

What more comes to is worked out first and kept then, for one answer or for many at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, statements, surveys
from collector.responses import announcing, news, recording, settling
from collector.responses.models import HeldResponse, Response

Table = type[Response] | type[HeldResponse]


@dataclass(frozen=True)
class Submitted:
    """What is stored of a response, and whether this call made it."""

    response_id: uuid.UUID | None
    answers: Mapping[str, Any]
    complete: bool
    is_new: bool
    source: str
    place: str


@dataclass(frozen=True)
class More:
    """An answer as it stands from now on, a row to read; and what of it is new."""

    row: Any
    content: Mapping[str, Any]
    has_new_comment: bool
    is_now_whole: bool

    @property
    def submitted(self) -> Submitted:
        row = self.row
        place = f"{row.workspace_id}/{row.touchpoint}"
        return Submitted(row.response_id, row.answers, row.complete, False, row.source, place)


def join(
    row: Any,
    published: surveys.Published,
    given: Mapping[str, Any],
    answers: Mapping[str, Any],
    now: datetime,
) -> More:
    """What an answer and more of it come to. Raises 409 where it is somebody else's or contradicts it, 422 for a misfit."""
    if row.response_id != given["response_id"]:
        raise errors.Conflict("This invitation was answered already. Thank you!", "already_answered")
    changed = [key for key, answer in answers.items() if key in row.answers and row.answers[key] != answer]
    if changed and not settling.may_change(row, changed, now):
        fields = {f"answers.{key}": ["answered already; the first answer stands"] for key in changed}
        raise errors.Conflict(
            "This question was answered already; the first answer stands.", "answer_conflict", fields
        )
    joined, complete = {**row.answers, **answers}, row.complete or given["complete"]
    check(published, joined, complete)
    is_now_whole = complete and not row.complete
    if joined == row.answers and not is_now_whole:
        return More(row, {}, has_new_comment=False, is_now_whole=False)
    content = content_of(published, joined, complete, row.locale, now)
    return More(row._replace(**content), content, bool(answers.get("comment")), is_now_whole)


def keep(session: Session, table: Table, added: Sequence[More], now: datetime) -> None:
    """Keep what was added to some answers of one workspace and one table, which the caller has locked."""
    new = [more for more in added if more.content]
    changes = [
        (
            {"workspace_id": more.row.workspace_id, "response_id": more.row.response_id},
            dict(more.content),
        )
        for more in new
    ]
    statements.change_all(session, table, changes)
    if table is Response:  # what is held apart is no news
        news.note(session, [more.row for more in new if more.has_new_comment], "comment", now)
        announcing.completed(session, [more.row for more in new if more.is_now_whole], now)


def check(published: surveys.Published, answers: Mapping[str, Any], complete: bool) -> None:
    """Raises 422 with a code for each answer that does not fit its question."""
    refused = surveys.check_answers(published, answers, complete)
    if refused:
        fields = {f"answers.{key}": [code] for key, code in refused.items()}
        raise errors.BadInput("Some answers do not fit their questions.", "invalid_answers", fields)


def content_of(
    published: surveys.Published,
    answers: Mapping[str, Any],
    complete: bool,
    locale: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The columns that hold what was said."""
    return recording.content_of(answers, surveys.score_of(published, answers), locale, complete, now)
