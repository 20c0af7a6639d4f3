"""Verbs: take outcomes and KPI values; the same again changes nothing, another value replaces the one that stood."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector import db, errors, journeys, workspaces
from collector.changes import record
from collector.interactions import NOWHERE, JourneyInstance, refuse_personal_data, tombstones
from collector.outcomes import kinds
from collector.outcomes.models import KpiValue, Outcome
from collector.workspaces import sight

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """How many of a batch were new or had another value, stood already, or were of customers erased since."""

    taken: int
    unchanged: int
    dropped: int


def take(session: Session, company: workspaces.Company, items: Sequence[Item], now: datetime) -> Taken:
    """Keep outcomes under their own keys; the last of a batch counts where a key stands in it twice."""
    _check_places(session, company.workspace_id, items)
    refuse_personal_data(company.settings, "outcomes", [_words(item) for item in items])
    rows = {item["key"]: _row(company, item, now) for item in items}
    with sight.whole(session):  # a key is known once, whoever's it is
        _name_customers(session, company.workspace_id, rows)
        gone = _erased(session, company.workspace_id, rows)
        kept = [rows[key] for key in sorted(rows) if key not in gone]
        changed = _put(session, Outcome, kept, ["workspace_id", "key"], {"received_at"})
    return Taken(changed, len(items) - len(gone) - changed, len(gone))


def put_kpi_values(
    session: Session, workspace_id: uuid.UUID, items: Sequence[Item], by: str, now: datetime
) -> Taken:
    """Keep what was measured elsewhere, by KPI, touchpoint, kind and period; one row in the record."""
    _check_places(session, workspace_id, items)
    keys = ["workspace_id", "kpi", "touchpoint", "kind", "since", "until"]
    rows = {}
    for item in items:
        own = {name: given for name, given in item.items() if name != "value"}
        row = {"workspace_id": workspace_id, **own, "measured": item["value"], "updated_at": now}
        rows[tuple(str(row[name]) for name in keys)] = row
    changed = _put(session, KpiValue, [rows[key] for key in sorted(rows)], keys, {"updated_at"})
    if changed:
        names = ", ".join(sorted({item["kpi"] for item in items})[:5])
        record(session, workspace_id, now, by, "put", "kpi values", names, None, {"values": changed})
    return Taken(changed, len(items) - changed, 0)


def _check_places(session: Session, workspace_id: uuid.UUID, items: Sequence[Item]) -> None:
    """Raises 422 naming each touchpoint or journey that is not here."""
    known = journeys.existing(session, workspace_id)
    wrong = {}
    for index, item in enumerate(items):
        for name, there in (("touchpoint", known.touchpoints), ("journey", known.journeys)):
            if item.get(name) and item[name] not in there:
                wrong[f"{index}.{name}"] = [f"there is no {name} {item[name]}"]
    if wrong:
        raise errors.BadInput("Some places are not known here.", "unknown_place", wrong)


def _words(item: Item) -> dict[str, Any]:
    """What is kept as it was given."""
    return {"transaction": item["key"], "journey_instance": item["journey_instance"], "attributes": {}}


def _row(company: workspaces.Company, item: Item, now: datetime) -> dict[str, Any]:
    value = Decimal(1) if item["value"] is None else item["value"]
    return {
        "workspace_id": company.workspace_id,
        "key": item["key"],
        "kind": item["kind"],
        "customer": workspaces.pseudonym_of(company, item["customer"]) if item["customer"] else None,
        "journey_instance": item["journey_instance"],
        "touchpoint": item["touchpoint"] or NOWHERE,
        "journey": item["journey"],
        "amount": kinds.stored(value),
        "unit": item["currency"] or item["unit"] or "",
        "occurred_at": item["occurred_at"] or now,
        "received_at": now,
    }


def _name_customers(session: Session, workspace_id: uuid.UUID, rows: Mapping[str, dict[str, Any]]) -> None:
    """Who names an instance that is known names its customer too, so that erasure finds the outcome."""
    nameless = {row["journey_instance"] for row in rows.values() if row["customer"] is None}
    query = select(JourneyInstance.instance_id, JourneyInstance.customer).where(
        JourneyInstance.workspace_id == workspace_id, JourneyInstance.instance_id.in_(nameless)
    )
    owners = {instance: customer for instance, customer in session.execute(query) if customer}
    for row in rows.values():
        row["customer"] = row["customer"] or owners.get(row["journey_instance"])


def _erased(session: Session, workspace_id: uuid.UUID, rows: Mapping[str, dict[str, Any]]) -> set[str]:
    """The keys of what became of customers before they were erased."""
    acts = {key: (row["customer"], row["occurred_at"]) for key, row in rows.items()}
    gone = tombstones.erased_since(session, workspace_id, acts.values())
    return {key for key, act in acts.items() if act in gone}


def _put(
    session: Session,
    table: type[db.Base],
    rows: Sequence[dict[str, Any]],
    keys: Sequence[str],
    noted: set[str],
) -> int:
    """Insert or replace, in the order of the keys; how many rows are other than before."""
    if not rows:
        return 0
    statement = db.insert(session, table)
    told = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    columns = table.__table__.c
    others = [columns[name].is_distinct_from(value) for name, value in told.items() if name not in noted]
    statement = statement.on_conflict_do_update(index_elements=keys, set_=told, where=or_(*others))
    made = statement.returning(*(columns[name] for name in keys))
    return sum(len(session.execute(made, row).all()) for row in rows)
