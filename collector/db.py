"""The database floor: sessions, statements and the column types that SQLite and PostgreSQL share."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Delete,
    Dialect,
    Engine,
    MetaData,
    Select,
    String,
    Table,
    TypeDecorator,
    Uuid,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from collector.engines import FileReplaced as FileReplaced
from collector.engines import NoTurn as NoTurn
from collector.engines import make_engine as make_engine
from collector.engines import opened as opened
from collector.readers import Reader

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
Query = TypeVar("Query", bound=Select[Any])
Done = TypeVar("Done")
GIVEN_UP = ("40P01", "40001")
"""PostgreSQL's states for a transaction that lost to another: a deadlock, a conflict of order."""
NO_LOCK = "55P03"
"""PostgreSQL's state for a lock that was waited for too long."""
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Key = String(64)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; refuses naive ones. SQLite has no times: there it is a text, to which UTC is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        return _sqlite_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        return _sqlite_time if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None


def _sqlite_text(value: datetime | None) -> str | None:
    """A time as SQLAlchemy writes it for SQLite, in UTC, in a quarter of its time: a row has half a dozen."""
    return None if value is None else _text_of(value)


@lru_cache(maxsize=256)
def _text_of(value: datetime) -> str:
    """Remembered, because most times of a batch are the one at which it came."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:26]


def _sqlite_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime,
        uuid.UUID: Uuid,
        dict[str, Any]: Json,
        dict[str, Any] | None: Json,
        list[str]: Json,
        list[str] | None: Json,
        list[Any]: Json,
    }


class InWorkspace(Base):
    """A table of one workspace: ``workspace_id`` stands first in each of its keys (Citus shards by it).

    ``is_definition`` marks what people define and requests only read: see ``revisions``.
    """

    __abstract__ = True
    is_definition = False

    workspace_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-10)


Touchpoints = Select[Any] | list[str]
"""Keys of touchpoints, or a statement that finds them."""


class AtTouchpoint(InWorkspace):
    """A table whose rows tell of customers at a touchpoint: who has a scope reads those within it (``journeys.scoping``)."""

    __abstract__ = True

    if TYPE_CHECKING:
        touchpoint: Mapped[str]

    @classmethod
    def within(cls, touchpoints: Touchpoints) -> ColumnElement[bool]:
        """Which rows lie at these touchpoints."""
        return cls.touchpoint.in_(touchpoints)


class Owned(InWorkspace):
    """A table whose rows are some stakeholders' own: who has a scope finds those of theirs alone (``journeys.scoping``)."""

    __abstract__ = True

    @classmethod
    def owned_by(cls, stakeholders: Sequence[str]) -> ColumnElement[bool]:
        """Which rows are theirs."""
        raise NotImplementedError


Holds = dict[type[InWorkspace], set[str]]
"""What a station's ``forget`` declares: table -> the columns that hold a customer's data or words."""


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """The session factory: objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def read_only(session: Session) -> Session:
    """Begin this session's transaction as a reader, so that it never waits for the writer (SQLite)."""
    session.connection(execution_options={"afterword_begin": "BEGIN DEFERRED"})
    return session


def make_readers(sessions: sessionmaker[Session]) -> sessionmaker[Reader]:
    """A factory of sessions over the same database that only look: none of them waits for the writer, none may write.

    Nor may one read through a cursor of the server's, which lives in a transaction: on PostgreSQL they have none.
    """
    engine: Engine = sessions.kw["bind"]
    looks = engine.execution_options(afterword_begin="BEGIN DEFERRED", afterword_looks=True)
    return sessionmaker(looks, class_=Reader, expire_on_commit=False)


def insert(session: Session, table: type[Base] | Table) -> Any:
    """An INSERT of the session's database, which knows ON CONFLICT."""
    return insert_of(session.get_bind().dialect.name, table)


def insert_of(dialect: str, table: type[Base] | Table) -> Any:
    """The same by the database's name."""
    return postgresql_insert(table) if dialect == "postgresql" else sqlite_insert(table)


def erased(session: Session, statement: Delete) -> int:
    """Delete rows; how many went."""
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def constant(value: str) -> ColumnElement[str]:
    """A value written into the statement itself: a partial index is used only where its condition stands in the text.

    For this house's own words, never for anything that came in.
    """
    return literal_column(f"'{value}'", String)


def lock(session: Session, query: Query) -> Query:
    """The same query taking row locks where the database has them (SQLite writes one at a time anyway)."""
    return query.with_for_update() if session.get_bind().dialect.name == "postgresql" else query


def hold(session: Session, *name: object, shared: bool = False) -> None:
    """Wait until nobody holds this name (``shared``: alone), and hold it until the transaction ends.

    On PostgreSQL only: SQLite writes one at a time anyway. What is held first is asked for first, everywhere: the
    rollup, then rows, then groups of five, then cells.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(blake2b(repr(name).encode(), digest_size=8).digest(), signed=True)
        take = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(take(number)))


def retried(session: Session, work: Callable[[], Done], tries: int = 4) -> Done:
    """Do all of a transaction's work, again from its start where the database gave it up for another's sake."""
    for _ in range(tries - 1):
        try:
            return work()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in GIVEN_UP:
                raise
            session.rollback()
    return work()


def is_passing(error: BaseException | None) -> bool:
    """Whether an error is the database's state and not the statement's fault: away, busy, full, read-only, cut off.

    So the same request may do well a moment later.
    """
    lasting = (IntegrityError, ProgrammingError, DataError, NotSupportedError)
    if isinstance(error, PoolTimeout | FileReplaced | NoTurn):
        return True
    return isinstance(error, DBAPIError) and not isinstance(error, lasting)


def is_locked(error: BaseException | None) -> bool:
    """Whether PostgreSQL says that somebody else held a lock for longer than this transaction would wait."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == NO_LOCK


def is_unstorable(error: BaseException | None) -> bool:
    """Whether an error says that a value cannot be kept: too large, too long, no text."""
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return is_unstorable(error.orig)
    return isinstance(error, DataError | OverflowError | UnicodeEncodeError)
