"""Daily caps: one count per survey and day, raised only while it is below the cap, so that a cap holds to the one."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import db
from collector.contact.policy import Policy
from collector.invitations.models import AskCount

ALL = ""


def is_capped(policy: Policy) -> bool:
    return policy.cap_per_day is not None or policy.survey_cap_per_day is not None


def counts(session: Session, workspace_id: uuid.UUID, survey: str, day: date) -> tuple[int, int]:
    """How many were asked on a day: (by all surveys, by this one)."""
    query = select(AskCount.survey, AskCount.n).where(
        AskCount.workspace_id == workspace_id, AskCount.survey.in_([ALL, survey]), AskCount.day == day
    )
    found = {row.survey: row.n for row in session.execute(query)}
    return found.get(ALL, 0), found.get(survey, 0)


def claim(session: Session, workspace_id: uuid.UUID, survey: str, day: date, policy: Policy) -> bool:
    """Take one place of the day under each cap; False, and none taken, where one is full by now."""
    wanted = [(ALL, policy.cap_per_day), (survey, policy.survey_cap_per_day)]
    taken: list[str] = []
    for key, cap in wanted:
        if cap is not None and not _raise(session, workspace_id, key, day, cap):
            for other in taken:
                _lower(session, workspace_id, other, day)
            return False
        if cap is not None:
            taken.append(key)
    return True


def _raise(session: Session, workspace_id: uuid.UUID, key: str, day: date, cap: int) -> bool:
    statement = db.insert(session, AskCount).values(workspace_id=workspace_id, survey=key, day=day, n=1)
    statement = statement.on_conflict_do_update(
        index_elements=["workspace_id", "survey", "day"], set_={"n": AskCount.n + 1}, where=AskCount.n < cap
    )
    return session.execute(statement.returning(AskCount.n)).first() is not None


def _lower(session: Session, workspace_id: uuid.UUID, key: str, day: date) -> None:
    statement = update(AskCount).where(
        AskCount.workspace_id == workspace_id, AskCount.survey == key, AskCount.day == day
    )
    session.execute(statement.values(n=AskCount.n - 1).execution_options(synchronize_session=False))
