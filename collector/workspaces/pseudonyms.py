"""The key under which customers are known by pseudonym, and its rotation: old and new side by side until all are renamed.

A server key carries the pseudonym key, so whoever finds one could recompute the pseudonym of every id that they guess. A
rotation ends that: server keys made from then on carry a new one, ``erasure.rekeying`` gives what is stored its new
names, and at the end the old key is forgotten.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from collector import clock, errors, signing
from collector.changes import record
from collector.workspaces import actions
from collector.workspaces.keys import PSEUDONYM, pseudonym_of
from collector.workspaces.known import Company
from collector.workspaces.models import Key, PseudonymAlias


def rotate(session: Session, workspace_id: uuid.UUID, actor: str, now: datetime) -> None:
    """Begin: new server keys carry a new pseudonym key; raises 409 while the last rotation is not finished."""
    workspace = actions.get(session, workspace_id)
    if workspace.previous_pseudonym_key is not None:
        raise errors.Conflict("The last rotation is not finished.", "rotation_open")
    workspace.address_key = address_key_of(workspace)
    workspace.previous_pseudonym_key, workspace.pseudonyms_since = workspace.pseudonym_key, now
    workspace.pseudonym_key = clock.new_secret(16)
    record(session, workspace_id, now, actor, "rotated", "key", "pseudonyms")
    session.flush()


def pair(workspace: Company, customer: str) -> tuple[str, str]:
    """(old, new) pseudonym of a customer's own id while both keys are known; raises 409 where no rotation is open."""
    if workspace.previous_pseudonym_key is None:
        raise errors.Conflict("No rotation is open; begin one first.", "rotation_closed")
    if PSEUDONYM.fullmatch(customer):
        raise errors.BadInput(f"{customer} is a pseudonym; a customer's own id is needed.", "pseudonym_given")
    return signing.pseudonym(workspace.previous_pseudonym_key, customer), pseudonym_of(workspace, customer)


def names_of(session: Session, workspace: Company, customer: str) -> list[str]:
    """All pseudonyms under which somebody may stand here: while a rotation is open, that of the other key too."""
    first = pseudonym_of(workspace, customer)
    if workspace.previous_pseudonym_key is None:
        return [first]
    if first != customer:
        return [first, signing.pseudonym(workspace.previous_pseudonym_key, customer)]
    mine = PseudonymAlias.workspace_id == workspace.workspace_id
    other = session.execute(select(PseudonymAlias.old, PseudonymAlias.new).where(mine, _either(customer)))
    return list(dict.fromkeys([first, *(name for row in other for name in row)]))


def finish(session: Session, workspace_id: uuid.UUID, actor: str, now: datetime) -> None:
    """Forget the old key; raises 409 while a server key that carries it is alive."""
    workspace = actions.get(session, workspace_id)
    if workspace.previous_pseudonym_key is None:
        raise errors.Conflict("No rotation is open; begin one first.", "rotation_closed")
    if alive := old_server_keys(session, workspace_id, workspace.pseudonyms_since or now):
        raise errors.Conflict(
            f"Server keys from before still live: {', '.join(alive)}. Replace and revoke them.",
            "old_server_keys",
        )
    session.execute(delete(PseudonymAlias).where(PseudonymAlias.workspace_id == workspace_id))
    workspace.previous_pseudonym_key = None
    record(session, workspace_id, now, actor, "finished", "key", "pseudonyms")
    session.flush()


def old_server_keys(session: Session, workspace_id: uuid.UUID, since: datetime) -> Collection[str]:
    """The server keys that carry the key from before."""
    query = select(Key.kid).where(
        Key.workspace_id == workspace_id,
        Key.kind == "server",
        Key.revoked_at.is_(None),
        Key.created_at < since,
    )
    return list(session.scalars(query.order_by(Key.created_at)))


def address_key_of(workspace: Company) -> bytes:
    """The key of the hashes by which addresses that objected are recognised: an objection outlives every rotation."""
    return workspace.address_key or workspace.pseudonym_key


def _either(pseudonym: str) -> ColumnElement[bool]:
    return (PseudonymAlias.old == pseudonym) | (PseudonymAlias.new == pseudonym)
