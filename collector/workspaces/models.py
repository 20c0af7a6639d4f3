"""Tables: workspace, key, person, sign_in."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace


class Workspace(InWorkspace):
    """One company's own, closed world."""

    __tablename__ = "workspace"

    name: Mapped[str] = mapped_column(String(120))
    logo_url: Mapped[str | None] = mapped_column(String(500))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    pseudonym_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Key(InWorkspace):
    """An API key: its hash, never the key. The kid is public and stands in each token that the key signs."""

    __tablename__ = "api_key"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_api_key_kid", "kid"),
    )

    kid: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    signing_secret: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Person(InWorkspace):
    """Someone who signs in to the dashboard."""

    __tablename__ = "person"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        UniqueConstraint("workspace_id", "email"),
        Index("ix_person_email", "email"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    stakeholder_key: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str | None] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class SignIn(InWorkspace):
    """A signed-in browser; the cookie holds the secret, this row its hash, so that it can be ended here."""

    __tablename__ = "sign_in"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.person_id"]),
        Index("ix_sign_in_hash", "hash"),
    )

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
