"""Verbs that change definitions: apply a document, save one definition, edit a journey, archive.

All of them pass through one door, ``_write``: it holds the workspace's lock, checks references, and leaves a
row in ``change`` for whatever it altered.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors, workspaces
from collector.changes import record
from collector.journeys import checks, definitions, models, plans, reading, rows, schemas, storing, usage
from collector.journeys.definitions import (
    Definition,
    Definitions,
    Journey,
    compact,
)
from collector.journeys.plans import Plan, PlanItem

Document = Definitions | Mapping[str, Any]


def apply(session: Session, workspace_id: uuid.UUID, document: Document, actor: str, now: datetime) -> Plan:
    """Make the workspace hold what a document says; the same document again changes nothing.

    Each definition in it is taken whole; what it does not name stays as it is. Raises BadInput with the path
    of each field that does not fit, and then nothing is changed.
    """
    _lock(session, workspace_id)
    return _write(session, workspace_id, read_document(document), actor, now)


def plan(session: Session, workspace_id: uuid.UUID, document: Document) -> Plan:
    """What ``apply`` would do with this document, without doing it."""
    wanted = read_document(document)
    _check(wanted, rows.known(session, workspace_id))
    return plans.compare(rows.current(session, workspace_id, wanted), wanted)


def save(
    session: Session,
    workspace_id: uuid.UUID,
    wanted: Definition,
    expected: int | None,
    actor: str,
    now: datetime,
) -> PlanItem:
    """Save one definition that was read at revision (of a journey: version) ``expected``; None makes a new one.

    Raises Stale when someone else has changed it since.
    """
    _lock(session, workspace_id)
    document = read_document(Definitions.of(wanted))
    _check_expected(_first(rows.current(session, workspace_id, document)), wanted.key, expected)
    return _write(session, workspace_id, document, actor, now).items[0]


def change(
    session: Session,
    workspace_id: uuid.UUID,
    item: Definition,
    expected: int,
    said: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> PlanItem:
    """Change some fields (as JSON) of a definition that was read at ``expected``; the others stay."""
    whole = {_section(item): [{**compact(item), **said, "key": item.key}]}
    (wanted,) = read_document(whole).all
    return save(session, workspace_id, wanted, expected, actor, now)


def change_journey(
    session: Session,
    workspace_id: uuid.UUID,
    key: str,
    expected_version: int,
    operation: Callable[[Journey], Journey],
    actor: str,
    now: datetime,
) -> Journey:
    """Edit a journey by a pure operation (see ``edit``) into a new version, unless it has changed meanwhile."""
    _lock(session, workspace_id)
    journey = reading.get(session, workspace_id, key)
    _check_expected(journey, key, expected_version)
    _write(session, workspace_id, read_document(Definitions.of(operation(journey))), actor, now)
    return reading.get(session, workspace_id, key)


def archive(
    session: Session, workspace_id: uuid.UUID, item: Definition, expected: int, actor: str, now: datetime
) -> None:
    """Take a definition out of use; its history stays. Raises Conflict while a living one refers to it."""
    _lock(session, workspace_id)
    document = Definitions.of(item)
    there = _first(rows.current(session, workspace_id, document))
    _check_expected(there, item.key, expected)
    if users := usage.users_of(session, workspace_id, item):
        raise errors.Conflict(
            f"{item.key} is still in use: {', '.join(users)}.", "in_use", {"used_by": users}
        )
    row = session.get_one(getattr(models, type(item).__name__), (workspace_id, item.key))
    if row.archived_at is None:
        row.archived_at = now
        if not isinstance(item, Journey):
            row.revision += 1
        noun = type(item).__name__.lower()
        record(session, workspace_id, now, actor, "archive", noun, item.key, compact(item))
    session.flush()


def read_document(document: Document) -> Definitions:
    """The definitions in a document; raises BadInput with the path of each field that does not fit."""
    said = definitions.sections(document) if isinstance(document, Definitions) else document
    own = {name: value for name, value in said.items() if name != "surveys"}
    if problems := schemas.DocumentSchema().validate(own):
        raise errors.BadInput("The document does not fit.", fields=_dotted(problems))
    return definitions.definitions(schemas.DocumentSchema().load(own))


def _write(session: Session, workspace_id: uuid.UUID, wanted: Definitions, actor: str, now: datetime) -> Plan:
    _check(wanted, rows.known(session, workspace_id))
    current = rows.current(session, workspace_id, wanted)
    plan = plans.compare(current, wanted)
    there = {(type(item), item.key): item for item in current.all}
    lines = [pair for pair in zip(wanted.all, plan.items, strict=True) if pair[1].verb != "unchanged"]
    storing.store(session, workspace_id, lines, actor, now)
    for item, line in lines:
        before = there.get((type(item), item.key))
        said = None if before is None else compact(before)
        noun = type(item).__name__.lower()
        record(session, workspace_id, now, actor, line.verb, noun, item.key, said, compact(item))
    session.flush()
    return plan


def _check(wanted: Definitions, known: checks.Known) -> None:
    findings = checks.find(wanted, known)
    if findings:
        fields: dict[str, list[str]] = {}
        for finding in findings:
            fields.setdefault(".".join(map(str, finding.path)), []).append(finding.message)
        code = findings[0].code
        raise errors.BadInput(f"{findings[0].message[:1].upper()}{findings[0].message[1:]}.", code, fields)


def _check_expected(there: Definition | None, key: str, expected: int | None) -> None:
    number = None if there is None else there.version if isinstance(there, Journey) else there.revision
    if number == expected:
        return
    if there is None:
        raise errors.NotFound(f"There is nothing with the key {key}.", "unknown_key")
    if expected is None:
        raise errors.Conflict(f"{key} is there already.", "known_key", {"revision": [f"is {number} by now"]})
    detail = f"{key} was changed since you opened it: you have {expected}, it is at {number} now."
    raise errors.Stale(detail, fields={"revision": [f"is {number} now"]})


def _lock(session: Session, workspace_id: uuid.UUID) -> None:
    """One change of definitions at a time in a workspace.

    FOR NO KEY UPDATE, so that incoming answers (their foreign keys share-lock this row) never wait.
    SQLite needs nothing: its transaction holds the write lock from the start.
    """
    row = workspaces.Workspace
    query = select(row.workspace_id).where(row.workspace_id == workspace_id)
    session.execute(query.with_for_update(key_share=True))


def _section(item: Definition) -> str:
    return f"{type(item).__name__.lower()}s"


def _first(document: Definitions) -> Definition | None:
    return next(iter(document.all), None)


def _dotted(messages: Any, path: str = "") -> dict[str, list[str]]:
    if not isinstance(messages, dict):
        return {path or "document": [str(message) for message in messages]}
    flat: dict[str, list[str]] = {}
    for name, inner in messages.items():
        here = path if name == "_schema" else f"{path}.{name}" if path else str(name)
        flat.update(_dotted(inner, here))
    return flat
