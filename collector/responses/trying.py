"""Test mode at the customer's end: the same survey, the same rules for answers, and nothing that is counted.

Each function takes a real link too, and passes it on to where real ones are served.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, invitations, test_mode
from collector.responses import actions, adding, recording, serving
from collector.responses.adding import Submitted
from collector.responses.holding import Over


def survey(
    session: Session, token: str, now: datetime, preferred: Sequence[str | None], of_customer: bool = False
) -> dict[str, Any] | None:
    """The survey behind a link (or customer token) signed in test mode, as the wire has it; None: nothing to ask."""
    row = test_mode.pending(session, token, now) if of_customer else test_mode.opened(session, token, now)
    published = test_mode.published(session, row) if row else None
    if row is None or published is None or published.template.click:
        return None  # what asks about a picture is asked by a run, and none is in test mode
    link = (test_mode.token_of(session, row, now) or token) if of_customer else token
    asked = serving.Asked(published, link, row.invitation_id, row.expires_at)
    response_id = str(row.response_id) if row.response_id else None
    answered = {"response_id": response_id, "answers": row.answers, "complete": row.complete}
    wanted = [preferred[0], row.locale, *preferred[1:]]
    return {**serving.localised(session, asked, wanted), "journey": row.journey, "answered": answered}


def submit(session: Session, given: dict[str, Any], now: datetime, over: Over) -> Submitted:
    """Take an answer, in test mode or not; see ``actions.submit``."""
    if not test_mode.is_test(session, given["token"]):
        return actions.submit(session, given, now, over)
    row = test_mode.opened(session, given["token"], now)
    published = test_mode.published(session, row)
    if published is None:
        raise errors.NotFound("Nothing was asked under this link.", "nothing_asked")
    answers = recording.tidy(published, given["answers"], masked=True)
    adding.check(published, {**row.answers, **answers}, row.complete or given["complete"])
    is_new = test_mode.answer(session, row, given["response_id"], answers, given["complete"])
    place = f"{row.workspace_id}/{row.touchpoint}"
    return Submitted(row.response_id, row.answers, row.complete, is_new, "test", place)


def note(session: Session, token: str, event: str, now: datetime) -> None:
    """Note what became of a survey in a page, in test mode or not."""
    if test_mode.is_test(session, token):
        test_mode.note(session, token, event, now)
    else:
        invitations.note(session, token, event, now)
