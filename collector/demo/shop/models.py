"""The shop's own table: order. It lives in the shop's database; the collector never sees a name or an address."""

from __future__ import annotations

from datetime import date, datetime

from afterword.transactional import sqlalchemy as outbox
from sqlalchemy import JSON, DateTime, Engine, String, Text, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

FIRST_LABEL = 2000


class ShopBase(DeclarativeBase):
    """The root of the shop's tables."""


class Order(ShopBase):
    """A line somebody ordered. ``survey_html`` and ``survey_url`` are what the SDK gave for it."""

    __tablename__ = "shop_order"

    number: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str] = mapped_column(String(40))
    tariff: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    street: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    activation_on: Mapped[date]
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    survey_html: Mapped[str] = mapped_column(Text, default="")
    survey_url: Mapped[str] = mapped_column(Text, default="")
    attributes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)

    @property
    def label(self) -> str:
        """The order's number as customers read it."""
        return f"T-{FIRST_LABEL + self.number}"

    @property
    def transaction(self) -> str:
        """The order's name towards the collector: the same order is asked about once."""
        return f"order-{FIRST_LABEL + self.number}"


def open_database(url: str) -> Engine:
    """The shop's database, its tables made where they are missing: its own, and the SDK's outbox beside it."""
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def wait_for_writers(connection: object, _record: object) -> None:
        for pragma in ("busy_timeout=5000", "journal_mode=WAL"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # a DB-API connection

    ShopBase.metadata.create_all(engine)
    outbox.create_table(engine)
    return engine
