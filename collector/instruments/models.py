"""Table: template, the instruments that a workspace brought along as files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace, Key


class OwnTemplate(InWorkspace):
    """A template file as it was uploaded (``text``, with its comments) and as it is used (``definition``).

    Surveys keep their own copy in each version, so replacing a template changes no survey that stands.
    """

    __tablename__ = "template"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(254))
