"""Which of the community surveys at a touchpoint have a run that asks now, and each customer's place in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.communities import panels, runs
from collector.communities.runs import Run, Seat
from collector.invitations.models import Invitation
from collector.surveys import Bound, asks_everybody

ProfileOf = Callable[[Run, str | None], Mapping[str, Any] | None]
"""What a run's panel knows of a customer (nothing, where it has none); None for who is no member."""


@dataclass(frozen=True)
class Seating:
    """The runs that ask somewhere, by their survey; ``full``: the quota cells of each run that have all they wanted."""

    runs: Mapping[str, Run] = field(default_factory=dict)
    full: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    profile_of: ProfileOf = lambda _run, _customer: {}

    def of(self, customer: str | None, subject: str, attributes: Mapping[str, Any] | None) -> dict[str, Seat]:
        """survey -> the place in its run of a customer (as pseudonym); ``subject`` is whom a sample is drawn from."""
        return {key: self._seat(run, customer, subject, attributes) for key, run in self.runs.items()}

    def _seat(
        self, run: Run, customer: str | None, subject: str, attributes: Mapping[str, Any] | None
    ) -> Seat:
        if run.key in self.asked:
            return runs.asked_before(run)
        profile = self.profile_of(run, customer)
        known = None if attributes is None else {**(profile or {}), **attributes}
        full = self.full.get(run.key, frozenset())
        return runs.seat(run, customer, subject, known, profile is not None, full)

    def but(self, asked: Collection[str]) -> Seating:
        """The same for somebody whom some of these runs have asked: no run asks anybody twice."""
        return replace(self, asked=frozenset(asked)) if asked else self

    def may_ask(self, rows: Iterable[Bound], also: str | None = None) -> list[Bound]:
        """Surveys without those of runs that do not ask now, unless there are no others (then they say why not).

        ``also`` stays in any case: it was asked with, and is judged again.
        """
        known = list(rows)
        asking = [row for row in known if asks_everybody(row) or row.key in {also, *self.runs}]
        return asking or known


def at(session: Session, workspace_id: uuid.UUID, touchpoint: str, now: datetime) -> Seating:
    """The runs that ask at a touchpoint now, and their full cells."""
    asking = runs.runs_asking(session, workspace_id=workspace_id, touchpoint=touchpoint, now=now)
    full = {run.key: runs.full_cells(session, workspace_id, run) for run in asking if run.cells}

    def profile_of(run: Run, customer: str | None) -> Mapping[str, Any] | None:
        if not run.panel_key:
            return {}
        if not customer:
            return None
        ref = {"panel_key": run.panel_key, "subject_ref": customer}
        member = panels.membership.member_of(session, workspace_id=workspace_id, **ref)
        return member.attributes if member and member.active else None

    return Seating({run.survey_key: run for run in asking}, full, profile_of=profile_of)


def asked_by(
    session: Session, known: Seating, workspace_id: uuid.UUID, customer: str | None, again: uuid.UUID | None
) -> list[str]:
    """The runs there that have asked a customer; ``again`` is an invitation that is judged once more."""
    keys = [run.key for run in known.runs.values()]
    if not keys or not customer:
        return []
    query = select(Invitation.run).where(
        Invitation.workspace_id == workspace_id,
        Invitation.customer == customer,
        Invitation.run.in_(keys),
        Invitation.state != "cancelled",
        *([Invitation.invitation_id != again] if again else []),
    )
    return [key for key in session.scalars(query) if key]
