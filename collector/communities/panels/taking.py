"""Verb: take rows of members; each is taken or refused by itself, with its number and its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import workspaces
from collector.communities.panels import rows
from collector.communities.panels.joining import Consent, Joining, join
from collector.communities.panels.models import Panel

KEPT_NUMBERS = 10_000
Numbered = tuple[int, Mapping[str, Any] | str]
"""A row with its number; a text where it could not be read, which says why."""


@dataclass
class Report:
    """What became of the rows: how many joined, were updated or known, and which were refused, by reason."""

    rows: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    refused: dict[str, list[int]] = field(default_factory=dict)
    refused_count: Counter[str] = field(default_factory=Counter)

    def refuse(self, number: int, reason: str) -> None:
        """Note a row that was not taken; a left or erased member's too."""
        self.refused_count[reason] += 1
        numbers = self.refused.setdefault(reason, [])
        if len(numbers) < KEPT_NUMBERS:
            numbers.append(number)

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        refused = {
            reason: {"count": self.refused_count[reason], "rows": numbers}
            for reason, numbers in self.refused.items()
        }
        taken = {name: self.taken[name] for name in ("joined", "updated", "known")}
        return {"rows": self.rows, **taken, "refused": refused}


@dataclass(frozen=True)
class Means:
    """What rows are taken with: the panel, its company, what they agreed to where a row does not say, the secrets."""

    panel: Panel
    company: workspaces.Company
    consent: Consent | None
    secret_keys: Sequence[str]


def take(session: Session, means: Means, numbered: Iterable[Numbered], now: datetime, report: Report) -> None:
    """Take a batch, in the order of its pseudonyms, so that two who import at once never wait in a ring."""
    ready: list[tuple[str, int, Joining]] = []
    for number, row in numbered:
        report.rows += 1
        if isinstance(row, str):
            report.refuse(number, row)
            continue
        try:
            joining = _joining(session, means, row, now)
        except rows.Unfit as error:
            report.refuse(number, str(error))
        else:
            ready.append((joining.names[0], number, joining))
    for _, number, joining in sorted(ready, key=lambda each: each[:2]):
        outcome = join(session, means.panel, joining, now, means.secret_keys).outcome
        if outcome in {"left", "erased"}:
            report.refuse(number, outcome)
        else:
            report.taken[outcome] += 1
    session.flush()


def _joining(session: Session, means: Means, row: Mapping[str, Any], now: datetime) -> Joining:
    said = rows.read(row, means.consent, now)
    names = workspaces.pseudonyms.names_of(session, means.company, said.customer)
    return Joining(names, "import", said.consent, said.attributes, said.contact, said.locale)
