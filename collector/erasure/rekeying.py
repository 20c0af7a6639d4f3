"""Customers get the pseudonyms of a new key: all that is stored of them, station by station, and what follows later.

A pseudonym cannot be turned back, so the company says the ids of its customers. What each old pseudonym became is kept
until the rotation is finished: what was on its way under the old one is renamed by the next run.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import statements
from collector.erasure.actions import ROUTE
from collector.insights import FollowUp
from collector.insights import forget as insights
from collector.interactions import tombstones
from collector.invitations import Subject, forget
from collector.workspaces import PseudonymAlias, Workspace, pseudonyms

BATCH = 200
TABLES: tuple[Any, ...] = tuple(
    table for station in ROUTE.values() for table, columns in station.HOLDS.items()
    if "customer" in columns and table is not Subject
)  # fmt: skip
"""Where a pseudonym stands beside the row that is the customer's own."""
MERGED = {FollowUp: insights.merge}
"""Of these, where it is a part of the key: what makes one row of two before the one is renamed."""


def rekey(session: Session, workspace: Workspace, customers: Collection[str], now: datetime) -> int:
    """Rename customers by their own ids; how many of them were known by an old name. Doing it again changes nothing."""
    pairs = dict(pseudonyms.pair(workspace, each) for each in customers)
    for old, new in sorted(pairs.items()):
        alias = PseudonymAlias(workspace_id=workspace.workspace_id, old=old, new=new)
        statements.insert_new(session, alias)
    return rename(session, workspace.workspace_id, pairs, now)


def follow(session: Session, workspace_id: uuid.UUID, now: datetime) -> int:
    """Rename what has come in under old pseudonyms since; how many customers that were."""
    query = select(PseudonymAlias.old, PseudonymAlias.new).where(PseudonymAlias.workspace_id == workspace_id)
    pairs = {row.old: row.new for row in session.execute(query)}
    return sum(rename(session, workspace_id, part, now) for part in _parts(pairs))


def rename(session: Session, workspace_id: uuid.UUID, pairs: Mapping[str, str], now: datetime) -> int:
    """Give what stands under old pseudonyms the new ones; how many customers that were."""
    known = sorted(_known(session, workspace_id, pairs))
    for old in known:
        _rename(session, workspace_id, old, pairs[old], now)
    buried = tombstones.buried_at(session, workspace_id, tombstones.CUSTOMER, list(pairs))
    for old, at in buried.items():
        tombstones.bury(session, workspace_id, tombstones.CUSTOMER, [pairs[old]], at)
    return len(known)


def _parts(pairs: dict[str, str]) -> Iterator[dict[str, str]]:
    names = sorted(pairs)
    for start in range(0, len(names), BATCH):
        yield {name: pairs[name] for name in names[start : start + BATCH]}


def _known(session: Session, workspace_id: uuid.UUID, names: Collection[str]) -> set[str]:
    found: set[str] = set()
    for table in (*TABLES, Subject):
        theirs = table.workspace_id == workspace_id, table.customer.in_(list(names))
        found.update(session.scalars(select(table.customer).where(*theirs).distinct()))
    return found


def _rename(session: Session, workspace_id: uuid.UUID, old: str, new: str, now: datetime) -> None:
    """Whoever asks or erases this customer meanwhile is waited for, under either name."""
    for name in sorted((old, new)):
        forget.hold(session, workspace_id, name, now)
    for merge in MERGED.values():
        merge(session, workspace_id, old, new)
    for table in TABLES:
        theirs = table.workspace_id == workspace_id, table.customer == old
        session.execute(update(table).where(*theirs).values(customer=new))
    before, after = (
        session.get_one(Subject, (workspace_id, name), populate_existing=True) for name in (old, new)
    )
    objections = [each for each in (before.opted_out_at, after.opted_out_at) if each]
    after.opted_out_at = min(objections, default=None)
    after.consents = {**before.consents, **after.consents}
    session.delete(before)
    session.flush()
