"""Verbs: open a workspace, mint and revoke keys, add people, sign in and out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors, signing
from collector.workspaces.models import Key, Person, SignIn, Workspace

KINDS = {"server": "aw_sk", "read": "aw_rk", "admin": "aw_ak", "publishable": "aw_pk"}
ROLES = ("admin", "member")
SIGNED_IN_FOR = timedelta(days=14)
PSEUDONYM = re.compile(r"cu_[A-Za-z0-9_-]{24}")
_hasher = PasswordHasher()
_no_hash = _hasher.hash("nobody's password, verified so that an unknown address takes as long as a known one")


@dataclass(frozen=True)
class MintedKey:
    """A key just made: ``text`` is shown once and stored nowhere."""

    kid: str
    kind: str
    text: str


def create(session: Session, name: str, now: datetime, locale: str = "en") -> Workspace:
    """Open a workspace with a signing key of its own for the invitations that the collector makes itself."""
    workspace = Workspace(
        workspace_id=clock.new_id(),
        name=name,
        locale=locale,
        pseudonym_key=clock.new_secret(16),
        created_at=now,
    )
    session.add(workspace)
    session.flush()
    mint_key(session, workspace, "collector", "The collector's own signatures", now)
    return workspace


def get(session: Session, workspace_id: uuid.UUID) -> Workspace:
    workspace = session.get(Workspace, workspace_id)
    if workspace is None:
        raise errors.NotFound("There is no such workspace.", "unknown_workspace")
    return workspace


def mint_key(session: Session, workspace: Workspace, kind: str, name: str, now: datetime) -> MintedKey:
    """Make a key of a kind (``server``, ``read``, ``admin``, ``publishable``); its text is known only here and now."""
    kid = base64.b32encode(clock.new_secret(8)).decode().lower()[:10]
    body = (workspace.pseudonym_key if kind == "server" else b"") + clock.new_secret(32)
    text = f"{KINDS.get(kind, 'aw_ck')}_{kid}_{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}"
    signs = kind in {"server", "collector"}
    session.add(
        Key(
            workspace_id=workspace.workspace_id,
            kid=kid,
            kind=kind,
            name=name,
            hash=_digest(text),
            signing_secret=signing.signing_secret(text) if signs else None,
            created_at=now,
        )
    )
    session.flush()
    return MintedKey(kid, kind, text)


def revoke_key(session: Session, workspace_id: uuid.UUID, kid: str, now: datetime) -> Key:
    """End a key at once; what it signed is refused from now on."""
    key = session.get(Key, (workspace_id, kid))
    if key is None or key.kind == "collector":
        raise errors.NotFound("There is no such key.", "unknown_key")
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


def find_key(session: Session, text: str) -> Key:
    """The living key that this text is; raises 401 with the reason."""
    match = re.fullmatch(r"aw_(?:sk|rk|ak|pk)_([a-z2-7]{10})_[A-Za-z0-9_-]{20,90}", text)
    for key in session.scalars(select(Key).where(Key.kid == match[1])) if match else ():
        if hmac.compare_digest(key.hash, _digest(text)):
            if key.revoked_at:
                raise errors.NotAuthenticated("This key was revoked.", "revoked_key")
            return key
    raise errors.NotAuthenticated("This key is not known here.", "unknown_key")


def secret_lookup(session: Session, found: dict[str, Key] | None = None) -> signing.SecretLookup:
    """kid -> signing secret of a living key; fills ``found`` so that the caller learns the workspace."""

    def look_up(kid: str) -> str | None:
        query = select(Key).where(Key.kid == kid, Key.revoked_at.is_(None), Key.signing_secret.is_not(None))
        key = session.scalars(query).first() if re.fullmatch("[a-z2-7]{10}", kid) else None
        if key is not None and found is not None:
            found[kid] = key
        return key.signing_secret if key else None

    return look_up


def signing_key(session: Session, workspace_id: uuid.UUID) -> tuple[str, str]:
    """(kid, secret) with which the collector signs for this workspace."""
    query = select(Key).where(
        Key.workspace_id == workspace_id, Key.kind == "collector", Key.revoked_at.is_(None)
    )
    key = session.scalars(query.order_by(Key.created_at.desc())).first()
    if key is None or key.signing_secret is None:
        raise errors.Unavailable(
            "This workspace has no signing key; run `afterword doctor`.", "no_signing_key"
        )
    return key.kid, key.signing_secret


def pseudonym_of(workspace: Workspace, customer: str) -> str:
    """The pseudonym of a customer; one that is a pseudonym already stays as it is."""
    return customer if PSEUDONYM.fullmatch(customer) else signing.pseudonym(workspace.pseudonym_key, customer)


def add_person(
    session: Session, workspace_id: uuid.UUID, email: str, name: str, password: str, now: datetime, role: str = "member",
    stakeholder: str | None = None,
) -> Person:  # fmt: skip
    """Someone who may sign in; e-mail addresses are kept in lower case."""
    if role not in ROLES:
        raise errors.BadInput(
            "There is no such role.", fields={"role": ["must be one of: " + ", ".join(ROLES)]}
        )
    address = email.strip().lower()
    known = select(Person.person_id).where(Person.workspace_id == workspace_id, Person.email == address)
    if session.scalars(known).first():
        raise errors.Conflict("Someone with this address is here already.", "known_email")
    person = Person(
        workspace_id=workspace_id,
        person_id=clock.new_id(),
        email=address,
        name=name,
        role=role,
        stakeholder_key=stakeholder,
        password_hash=_hasher.hash(password),
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person


def sign_in(session: Session, email: str, password: str, now: datetime) -> tuple[Person, str]:
    """(person, cookie secret) for the right password; raises 401 without saying which of the two was wrong."""
    people = list(session.scalars(select(Person).where(Person.email == email.strip().lower())))
    person = next((person for person in people if _password_fits(person.password_hash, password)), None)
    if not people:
        _password_fits(_no_hash, password)
    if person is None:
        raise errors.NotAuthenticated("The address or the password is wrong.", "wrong_sign_in")
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            workspace_id=person.workspace_id,
            hash=_cookie_hash(secret),
            person_id=person.person_id,
            created_at=now,
            expires_at=now + SIGNED_IN_FOR,
        )
    )
    session.flush()
    return person, secret


def signed_in(session: Session, secret: str, now: datetime) -> Person | None:
    """The person behind a cookie, or None where it is unknown, ended or past its time."""
    query = select(SignIn).where(SignIn.hash == _cookie_hash(secret), SignIn.expires_at > now)
    row = session.scalars(query).first()
    return session.get(Person, (row.workspace_id, row.person_id)) if row else None


def sign_out(session: Session, secret: str) -> None:
    for row in session.scalars(select(SignIn).where(SignIn.hash == _cookie_hash(secret))):
        session.delete(row)
    session.flush()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _cookie_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _password_fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
