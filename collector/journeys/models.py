"""Tables: stakeholder, persona, touchpoint (with its owners), journey and its versions, and who changed what.

Touchpoints, stakeholders, personas and journeys are known by their *key* everywhere: in files, URLs and rows.
A journey version is one document (phases with their ordered steps) that never changes once applied.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace, Key


class Stakeholder(InWorkspace):
    """A department or person that owns touchpoints; ``serves`` says whom it works for, and how."""

    __tablename__ = "stakeholder"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    serves: Mapped[list[Any]] = mapped_column(default=list)
    archived_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Persona(InWorkspace):
    """A kind of customer, as the team pictures it."""

    __tablename__ = "persona"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    archived_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Touchpoint(InWorkspace):
    """A concrete contact; its channel is the medium, never the touchpoint itself."""

    __tablename__ = "touchpoint"
    is_definition = True
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    customer_name: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(8), default="during")
    measurable: Mapped[bool] = mapped_column(default=True)
    feedback_enabled: Mapped[bool] = mapped_column(default=True)
    form_enabled: Mapped[bool] = mapped_column(default=True)
    expectation: Mapped[str] = mapped_column(Text, default="")
    expected_result: Mapped[str] = mapped_column(Text, default="")
    systems: Mapped[list[str]] = mapped_column(default=list)
    tags: Mapped[list[str]] = mapped_column(default=list)
    archived_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class TouchpointOwner(InWorkspace):
    """Who answers for a touchpoint; several may."""

    __tablename__ = "touchpoint_owner"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "touchpoint"], ["touchpoint.workspace_id", "touchpoint.key"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "stakeholder"],
            ["stakeholder.workspace_id", "stakeholder.key"],
            ondelete="CASCADE",
        ),
    )

    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)
    stakeholder: Mapped[str] = mapped_column(Key, primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Journey(InWorkspace):
    """A journey and which of its versions is shown."""

    __tablename__ = "journey"
    is_definition = True
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    version: Mapped[int]
    archived_at: Mapped[datetime | None]


class JourneyVersion(InWorkspace):
    """One immutable version: what it means, and its phases with their ordered steps.

    ``phases`` holds ``definitions.Phase`` as JSON, without the fields that stand at their defaults.
    """

    __tablename__ = "journey_version"
    is_definition = True
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "key"], ["journey.workspace_id", "journey.key"], ondelete="CASCADE"
        ),
    )

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    definition: Mapped[str] = mapped_column(Text)
    customer_goal: Mapped[str] = mapped_column(Text)
    business_goal: Mapped[str] = mapped_column(Text)
    scenario: Mapped[str] = mapped_column(Text, default="")
    expected_result: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="as_is")
    variant_of: Mapped[str | None] = mapped_column(Key)
    personas: Mapped[list[str]] = mapped_column(default=list)
    abandoned_after_days: Mapped[int] = mapped_column(default=30)
    asking: Mapped[dict[str, Any]] = mapped_column(default=dict)
    metric: Mapped[str | None] = mapped_column(String(16))
    phases: Mapped[list[Any]] = mapped_column(default=list)
    applied_at: Mapped[datetime]
    applied_by: Mapped[str] = mapped_column(String(254))
