"""API keys: minted, found by their text, listed, revoked; and what they sign and blur."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors, signing
from collector.changes import record
from collector.workspaces import known
from collector.workspaces.known import Company, KeyFacts
from collector.workspaces.models import Key, Workspace

KINDS = {
    "server": "aw_sk",
    "test": "aw_sk_test",
    "read": "aw_rk",
    "analyst": "aw_nk",
    "admin": "aw_ak",
    "publishable": "aw_pk",
}
SCOPED = ("server", "read", "analyst")
"""The kinds that may be kept to some stakeholders; an admin key sees everything, a publishable one nothing."""
PSEUDONYM = re.compile(r"cu_[A-Za-z0-9_-]{24}")


@dataclass(frozen=True)
class MintedKey:
    """A key just made: ``text`` is shown once and stored nowhere."""

    kid: str
    kind: str
    text: str


def mint_key(
    session: Session,
    workspace: Workspace,
    kind: str,
    name: str,
    now: datetime,
    actor: str = "command line",
    scope: Sequence[str] | None = None,
) -> MintedKey:
    """Make a key of a kind (``server``, ``test``, ``read``, ``analyst``, ``admin``, ``publishable``); its text is known only here and now."""
    if scope is not None and kind not in SCOPED:
        raise errors.BadInput(
            f"A key of this kind has no scope: only {' and '.join(SCOPED)} keys have.",
            fields={"scope": [f"must be all for a key of kind {kind}"]},
        )
    kid = base64.b32encode(clock.new_secret(8)).decode().lower()[:10]
    own = {"server": workspace.pseudonym_key, "test": clock.new_secret(len(workspace.pseudonym_key))}
    body = own.get(kind, b"") + clock.new_secret(32)
    text = f"{KINDS.get(kind, 'aw_ck')}_{kid}_{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}"
    signs = kind in {"server", "test", "collector"}
    session.add(
        Key(
            workspace_id=workspace.workspace_id,
            kid=kid,
            kind=kind,
            name=name,
            hash=_digest(text),
            signing_secret=signing.signing_secret(text) if signs else None,
            scope=None if scope is None else sorted(set(scope)),
            created_at=now,
        )
    )
    session.flush()
    said = {"kind": kind, "name": name, "scope": scope}
    record(session, workspace.workspace_id, now, actor, "made", "key", kid, None, said)
    return MintedKey(kid, kind, text)


def revoke_key(
    session: Session, workspace_id: uuid.UUID, kid: str, now: datetime, actor: str = "command line"
) -> Key:
    """End a key at once; what it signed is refused from now on."""
    key = session.get(Key, (workspace_id, kid))
    if key is None or key.kind == "collector":
        raise errors.NotFound("There is no such key.", "unknown_key")
    if key.revoked_at is None:
        said = {"kind": key.kind, "name": key.name, "scope": key.scope}
        record(session, workspace_id, now, actor, "revoked", "key", kid, said, None)
    key.revoked_at = key.revoked_at or now
    session.flush()
    return key


def list_keys(session: Session, workspace_id: uuid.UUID) -> list[Key]:
    query = (
        select(Key)
        .where(Key.workspace_id == workspace_id, Key.kind != "collector")
        .order_by(Key.created_at, Key.kid)
    )
    return list(session.scalars(query))


def find_key(session: Session, text: str) -> KeyFacts:
    """The living key that this text is; raises 401 with the reason."""
    match = re.fullmatch(r"aw_(?:sk|sk_test|rk|nk|ak|pk)_([a-z2-7]{10})_[A-Za-z0-9_-]{20,90}", text)
    key = known.key(session, match[1]) if match else None
    if key is None or not hmac.compare_digest(key.hash, _digest(text)):
        raise errors.NotAuthenticated("This key is not known here.", "unknown_key")
    if key.revoked_at:
        raise errors.NotAuthenticated("This key was revoked.", "revoked_key")
    return key


def secret_lookup(session: Session, found: dict[str, KeyFacts] | None = None) -> signing.SecretLookup:
    """kid -> signing secret of a living key; fills ``found`` so that the caller learns the workspace."""

    def look_up(kid: str) -> str | None:
        key = known.key(session, kid)
        if key is None or key.revoked_at or key.signing_secret is None:
            return None
        if found is not None:
            found[kid] = key
        return key.signing_secret

    return look_up


def read_invitation(session: Session, token: str, now: datetime) -> tuple[KeyFacts, signing.Invitation]:
    """(key, facts) of a genuine invitation token; raises 401 ``bad_token`` or 410 ``invitation_expired``."""
    found: dict[str, KeyFacts] = {}
    try:
        kid, facts = signing.read_invitation(token, secret_lookup(session, found), now)
    except signing.ExpiredToken:
        raise errors.Gone("This invitation has expired.", "invitation_expired") from None
    except signing.BadToken:
        raise errors.NotAuthenticated(
            "This link is not genuine, or its key was revoked.", "bad_token"
        ) from None
    return found[kid], facts


def pseudonym_of(workspace: Company, customer: str) -> str:
    """The pseudonym of a customer; one that is a pseudonym already stays as it is."""
    return customer if PSEUDONYM.fullmatch(customer) else signing.pseudonym(workspace.pseudonym_key, customer)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
