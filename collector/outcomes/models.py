"""Tables: outcome (what became of one customer) and kpi value (a figure that another system measured)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, Key


class Outcome(AtTouchpoint):
    """What became of a customer, as a business system knows it; ``key`` is that system's own name for it.

    ``amount`` counts ten-thousandths of ``unit`` (a currency, or hours and the like); of a yes or no it is 10,000 or 0.
    ``touchpoint`` is empty for what belongs to no single contact.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_outcome_customer", "workspace_id", "customer"),
        Index("ix_outcome_instance", "workspace_id", "journey_instance"),
        Index("ix_outcome_kind", "workspace_id", "kind", "occurred_at"),
        Index("ix_outcome_journey", "workspace_id", "journey", "occurred_at"),
    )

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    customer: Mapped[str | None] = mapped_column(String(27))
    journey_instance: Mapped[str | None] = mapped_column(String(128))
    touchpoint: Mapped[str] = mapped_column(Key, default="")
    journey: Mapped[str | None] = mapped_column(Key)
    amount: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(16), default="")
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]


class KpiValue(AtTouchpoint):
    """What another system measured at a touchpoint (empty: in the whole company) from one day to another.

    ``source`` says who measured it; a ``benchmark`` is of others, and says as of which day (``dated``).
    """

    __tablename__ = "kpi_value"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_kpi_value_touchpoint", "workspace_id", "touchpoint", "until"),
    )

    kpi: Mapped[str] = mapped_column(Key, primary_key=True)
    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)
    measured: Mapped[float]
    n: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(16), default="")
    source: Mapped[str] = mapped_column(String(200))
    dated: Mapped[date | None]
    updated_at: Mapped[datetime]
