"""Tables: workspace, pseudonym_alias, key and its use, person and their second_factor, sign_in, account_link."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace


class Workspace(InWorkspace):
    """One company's own, closed world.

    ``days_zone`` is the time zone in which the days of its answers are cut: another one while they are being moved.
    """

    __tablename__ = "workspace"
    is_definition = True

    name: Mapped[str] = mapped_column(String(120))
    logo_url: Mapped[str | None] = mapped_column(String(500))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    days_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    pseudonym_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    previous_pseudonym_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    pseudonyms_since: Mapped[datetime | None]
    address_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class PseudonymAlias(InWorkspace):
    """What an old pseudonym has become, while a rotation of the pseudonym key is open."""

    __tablename__ = "pseudonym_alias"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_pseudonym_alias_new", "workspace_id", "new"),
    )

    old: Mapped[str] = mapped_column(String(27), primary_key=True)
    new: Mapped[str] = mapped_column(String(27))


class Key(InWorkspace):
    """An API key: its hash, never the key. The kid is public and stands in each token that the key signs.

    ``scope`` None is everything, as a person's.
    """

    __tablename__ = "api_key"
    is_definition = True
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_api_key_kid", "kid"),
    )

    kid: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    signing_secret: Mapped[str | None] = mapped_column(String(64))
    scope: Mapped[list[str] | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class KeyUse(InWorkspace):
    """When a key was last used, within the hour; apart from the key, which is remembered and seldom changes."""

    __tablename__ = "key_use"
    __table_args__ = (ForeignKeyConstraint(["workspace_id", "kid"], ["api_key.workspace_id", "api_key.kid"]),)

    kid: Mapped[str] = mapped_column(String(10), primary_key=True)
    used_at: Mapped[datetime]


class Person(InWorkspace):
    """Someone who signs in to the dashboard; without a password until they have opened their account.

    Who has left keeps their row, so that the record still says who they were. ``scope`` None is everything.
    ``subject`` is a sign-in service's own name for them, hashed with the service's. ``seen_at`` is when they last looked
    at a page, ``left_at`` when the visit before this one ended.
    """

    __tablename__ = "person"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        UniqueConstraint("workspace_id", "email"),
        UniqueConstraint("workspace_id", "subject"),
        Index("ix_person_email", "email"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    scope: Mapped[list[str] | None] = mapped_column(default=None)
    locale: Mapped[str | None] = mapped_column(String(16))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """``invited`` until they have signed in or chosen a password, then ``active``, at last ``ended``."""
        return "ended" if self.ended_at else "active" if self.password_hash or self.subject else "invited"


class SecondFactor(InWorkspace):
    """A person's secret for one-time codes; nothing is asked until they have typed one (``confirmed_at``).

    ``last_step`` is the step of the last code, so that none is taken twice; ``recovery`` holds hashes of codes for whoever
    has lost the device, each of which goes when it is used.
    """

    __tablename__ = "second_factor"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.person_id"]),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(20))
    last_step: Mapped[int] = mapped_column(BigInteger)
    recovery: Mapped[list[str]]
    confirmed_at: Mapped[datetime | None]


class SignIn(InWorkspace):
    """A signed-in browser; the cookie holds the secret, this row its hash, so that it can be ended here.

    It ends at ``expires_at`` whatever happens, and sooner where it has not been seen for a while. ``also`` marks who the
    same human is in other workspaces (see ``memberships``).
    """

    __tablename__ = "sign_in"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.person_id"]),
        Index("ix_sign_in_hash", "hash"),
        Index("ix_sign_in_person", "workspace_id", "person_id"),
    )

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sign_in_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    browser: Mapped[str] = mapped_column(String(120), default="")
    also: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccountLink(InWorkspace):
    """A link that opens an account once: the first time (``invite``) or to choose a new password (``reset``).

    Its secret is stored hashed, and goes out once. A person has at most one: a new one ends the one before.
    Where it goes by mail, ``mail_due_at`` says when to try; its secret is made when the mail is written.
    """

    __tablename__ = "account_link"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.person_id"]),
        Index("ix_account_link_hash", "hash"),
        Index("ix_account_link_mail_due_at", "mail_due_at"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    mail_due_at: Mapped[datetime | None]
    mail_attempts: Mapped[int] = mapped_column(default=0)
