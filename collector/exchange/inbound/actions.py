"""Verbs: make an address for a tool, take a delivery there once, place what waits, end the address."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from collector import clock, db, errors, sealing, statements, workspaces
from collector.changes import record
from collector.exchange import mapping
from collector.exchange.inbound import placing, schemes, wrapping
from collector.exchange.models import Arrival, Inbound
from collector.outgoing import signature
from collector.sealed_columns import Sealed

MOST = 50
AT_ONCE = 200
LARGEST = 512 * 1024
"""Bytes of one delivery."""
PURPOSE = "inbound"
SEALED = (
    Sealed(Inbound, "secret", PURPOSE, lambda row: bytes(row.inbound_id.bytes)),
    Sealed(Arrival, "body", PURPOSE, lambda row: bytes(row.inbound_id.bytes + row.digest.encode())),
)


def make(
    session: Session,
    workspace_id: uuid.UUID,
    given: Mapping[str, Any],
    keys: Sequence[str],
    by: str,
    now: datetime,
) -> tuple[Inbound, str]:
    """Make an address; its secret, which is shown this once. Tools that make one of their own are given theirs."""
    if (
        session.scalar(select(func.count()).select_from(Inbound).where(Inbound.workspace_id == workspace_id))
        or 0
    ) >= MOST:
        raise errors.Conflict(f"There are {MOST} addresses already.", "too_many_inbound")
    tool, secret = given["tool"], given.get("secret") or signature.new_secret()
    if tool not in schemes.SCHEMES:
        raise errors.BadInput(
            "There is no such tool.", fields={"tool": [f"must be one of: {', '.join(schemes.SCHEMES)}"]}
        )
    seal, inbound_id = sealing.seal(keys, PURPOSE, workspace_id), clock.new_id()
    row = Inbound(
        workspace_id=workspace_id, inbound_id=inbound_id, name=given["name"].strip()[:120] or tool, tool=tool,
        said={name: given[name] for name in ("touchpoint", "questions", "comment", "customer", "attributes") if given.get(name)},
        mapping=given.get("mapping") or None, secret=seal.closed(secret.encode(), inbound_id.bytes), key_name=seal.key_name,
        created_by=by, created_at=now,
    )  # fmt: skip
    _check(row)
    session.add(row)
    session.flush()
    record(session, workspace_id, now, by, "made", "inbound", row.name, None, {"tool": tool, **row.said})
    return row, secret


def remove(session: Session, row: Inbound, by: str, now: datetime) -> None:
    """End an address, with all that waits there."""
    record(session, row.workspace_id, now, by, "removed", "inbound", row.name, {"tool": row.tool}, None)
    session.delete(row)
    session.flush()


def check_sender(
    row: Inbound, headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime
) -> None:
    """Raise 401 for what the tool did not sign, 503 where our own secret is not known any more."""
    try:
        secret = (
            sealing.seal(keys, PURPOSE, row.workspace_id).opened(row.secret, row.inbound_id.bytes).decode()
        )
    except sealing.CannotUnseal:
        raise errors.Unavailable(
            "The secret of this address was sealed by one that is gone: make a new address."
        ) from None
    schemes.SCHEMES[row.tool](headers, body, secret, now)


def take(
    session: Session, workspace: workspaces.Workspace, row: Inbound, headers: Mapping[str, str], body: bytes, keys: Sequence[str],
    now: datetime,
) -> str:  # fmt: skip
    """Keep a delivery and place it; the same one again adds nothing. Its state, or ``known``."""
    said = schemes.parsed(body)
    digest = wrapping.identifier(row.tool, headers, said, body)
    bound = row.inbound_id.bytes + digest.encode()
    seal = sealing.seal(keys, PURPOSE, row.workspace_id)
    arrival = Arrival(
        workspace_id=row.workspace_id, inbound_id=row.inbound_id, digest=digest, state="waiting", body=seal.closed(body, bound),
        key_name=seal.key_name, repeats=0, received_at=now,
    )  # fmt: skip
    if not statements.insert_new(session, arrival):
        session.execute(update(Arrival).where(*_same(row, digest)).values(repeats=Arrival.repeats + 1))
        return "known"
    found = session.scalars(select(Arrival).where(*_same(row, digest))).one()
    _settle(session, workspace, row, found, said, now)
    return found.state


def place_waiting(
    session: Session, workspace: workspaces.Workspace, row: Inbound, keys: Sequence[str], now: datetime
) -> int:
    """Try those that wait once more, the oldest first; how many found their place."""
    seal = sealing.seal(keys, PURPOSE, row.workspace_id)
    query = select(Arrival).where(*_of(row), Arrival.state == "waiting", Arrival.body.is_not(None))
    placed = 0
    for arrival in session.scalars(
        db.lock(session, query.order_by(Arrival.received_at).limit(AT_ONCE))
    ).all():
        try:
            body = seal.opened(arrival.body or b"", row.inbound_id.bytes + arrival.digest.encode())
        except sealing.CannotUnseal:
            arrival.why = "sealed by a secret that is gone"
            continue
        _settle(session, workspace, row, arrival, schemes.parsed(body), now)
        placed += arrival.state == "placed"
    session.flush()
    return placed


def _settle(
    session: Session,
    workspace: workspaces.Workspace,
    row: Inbound,
    arrival: Arrival,
    said: Any,
    now: datetime,
) -> None:
    item = wrapping.row(row.tool, said)
    if item is None:
        arrival.state, arrival.why, arrival.body = "ignored", "it holds no finished answer", None
        return
    found = placing.place(session, workspace, row, item, now)
    arrival.customer, arrival.why = found.customer, found.why
    if found.why is None:
        arrival.state, arrival.body, arrival.placed_at = "placed", None, now
    session.flush()


def _check(row: Inbound) -> None:
    """Refuse what cannot be read: a mapping that is none, questions that are none."""
    if row.tool == placing.STANDARD:
        mapping.load(row.mapping or "", "mapping")
    else:
        placing.choices(row)


def _of(row: Inbound) -> tuple[Any, ...]:
    return Arrival.workspace_id == row.workspace_id, Arrival.inbound_id == row.inbound_id


def _same(row: Inbound, digest: str) -> tuple[Any, ...]:
    return (*_of(row), Arrival.digest == digest)
