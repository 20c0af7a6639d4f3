"""Table: job run, one row per job, shared by all processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base


class JobRun(Base):
    """When a job last succeeded and failed, and how often in a row; of the house, so of no workspace.

    ``error`` is the kind of the last failure and never its words, which may hold a customer's.
    """

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    every: Mapped[float]
    succeeded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failures_ever: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(100))
