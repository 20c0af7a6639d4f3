"""Daily caps: one count per survey and day, raised under its lock and only below the cap, so that a cap holds to the one."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from collector import bulk, prepared
from collector.contact import Policy
from collector.invitations.models import AskCount

ALL = ""
KEY = ["workspace_id", "survey", "day"]
TABLE: Table = AskCount.__table__  # type: ignore[assignment]


def is_capped(policy: Policy) -> bool:
    return policy.cap_per_day is not None or policy.survey_cap_per_day is not None


@dataclass
class Places:
    """The places of a day for a batch: today's are locked, taken here and written at the end; other days' only read."""

    session: Session
    workspace_id: uuid.UUID
    today: date
    _asked: dict[tuple[str, date], int] = field(default_factory=dict)
    _taken: Counter[str] = field(default_factory=Counter)

    def hold(self, surveys: Collection[str]) -> None:
        """Lock today's counts of these surveys and of all, in one order, until the transaction ends."""
        wanted = sorted({ALL, *surveys} - {survey for survey, day in self._asked if day == self.today})
        if not wanted:
            return
        rows = [
            {"workspace_id": self.workspace_id, "survey": key, "day": self.today, "n": 0} for key in wanted
        ]
        for survey, n in bulk.insert(self.session, TABLE, rows, _or_lock):
            self._asked[survey, self.today] = n

    def asked(self, survey: str, day: date) -> tuple[int, int]:
        """How many were asked on a day: (by all surveys, by this one)."""
        if (survey, day) not in self._asked:
            query = select(AskCount.survey, AskCount.n).where(
                AskCount.workspace_id == self.workspace_id,
                AskCount.survey.in_([ALL, survey]),
                AskCount.day == day,
            )
            found = {row.survey: row.n for row in self.session.execute(query)}
            for key in (ALL, survey):
                self._asked.setdefault((key, day), found.get(key, 0))
        return self._asked[ALL, day], self._asked[survey, day]

    def take(self, survey: str, policy: Policy) -> bool:
        """Take one place of today under each cap; False, and none taken, where one is full by now."""
        caps = [(ALL, policy.cap_per_day), (survey, policy.survey_cap_per_day)]
        capped = [(key, cap) for key, cap in caps if cap is not None]
        if any(self._asked[key, self.today] >= cap for key, cap in capped):
            return False
        for key, _ in capped:
            self._asked[key, self.today] += 1
            self._taken[key] += 1
        return True

    def give_back(self) -> None:
        """Nothing was taken after all."""
        for key, n in self._taken.items():
            self._asked[key, self.today] -= n
        self._taken.clear()

    def store(self) -> None:
        """Write what was taken."""
        place = {"of_workspace": self.workspace_id, "of_day": self.today}
        taken = [{**place, "of_survey": key, "more": n} for key, n in sorted(self._taken.items())]
        if taken:
            prepared.send(self.session, _add(), taken)
        self._taken.clear()


def _or_lock(made: Any, table: Table) -> Any:
    """Make a count or take its lock, and give it as it stands."""
    held = made.on_conflict_do_update(index_elements=KEY, set_={"n": table.c.n})
    return held.returning(table.c.survey, table.c.n)


@lru_cache
def _add() -> Any:
    """Add to a count; built once."""
    of = (
        TABLE.c.workspace_id == bindparam("of_workspace"),
        TABLE.c.survey == bindparam("of_survey"),
        TABLE.c.day == bindparam("of_day"),
    )
    return update(TABLE).where(*of).values(n=TABLE.c.n + bindparam("more"))
