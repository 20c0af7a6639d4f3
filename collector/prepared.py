"""Statements sent straight to the driver: compiled once, with the types' own conversions on the way in and out.

SQLAlchemy's bookkeeping for one execution costs three times what SQLite does. Transactions, connections, types, errors
and whoever listens to statements stay SQLAlchemy's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from collector.readers import Reader

Given = Mapping[str, Any]
Convert = Callable[[Any], Any]
Done = TypeVar("Done")


class WrongNames(KeyError):
    """What is given has other names than what is wanted: nothing was sent."""

    def __str__(self) -> str:
        return str(self.args[0])


class Prepared:
    """A statement in the words of one database: its text, how its values go in, and how its rows come out."""

    def __init__(self, statement: Any, dialect: Dialect, names: tuple[str, ...]) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(names))
        self.text = compiled.string
        self.is_positional = bool(compiled.positional)
        wanted = compiled.positiontup if self.is_positional else list(compiled.bind_names.values())
        converts = cast("Mapping[str, Convert]", compiled._bind_processors)
        self._names = tuple(wanted or ())
        _check(compiled, self._names, names)
        own = compiled.construct_params(_check=False)
        self._own = {name: own[name] for name in self._names if name not in names}
        """Values that stand in the statement itself, such as a limit."""
        self._pick: Callable[[Given], Sequence[Any]] = (
            itemgetter(*self._names)
            if len(self._names) > 1  # of one name, it would give no row of values
            else lambda given: [given[name] for name in self._names]
        )
        self._binds = _Conversions([converts.get(name) for name in self._names])
        self._dialect, self._columns = dialect, compiled._result_columns
        self.gives_rows = bool(self._columns)
        self._results: _Conversions | None = None
        self._row: Any = namedtuple("Row", [each.keyname for each in self._columns], rename=True)  # type: ignore[misc]

    def values(self, given: Given) -> Any:
        """The values as the driver takes them."""
        values = self._binds.of(list(self._pick({**self._own, **given} if self._own else given)))
        return tuple(values) if self.is_positional else dict(zip(self._names, values, strict=True))

    def rows(self, cursor: Any) -> list[Any]:
        """What a cursor has found, as the types have it; a row's columns are its attributes."""
        found = cursor.fetchall()
        if self._results is None:  # how a value comes out may depend on how the driver names its type
            both = zip(self._columns, cursor.description, strict=True)
            self._results = _Conversions(
                [
                    column.type._cached_result_processor(self._dialect, described[1])
                    for column, described in both
                ]
            )
        return [self._row._make(self._results.of(list(row))) for row in found]


def _check(compiled: SQLCompiler, wanted: Sequence[str], given: Sequence[str]) -> None:
    """Refuse a value that is wanted and not given, which would be NULL, and a column's that would be left out.

    (What rows are found by may be more than a statement asks for.)
    """
    missing = [name for name in wanted if name not in given and compiled.binds[name].required]
    writes_columns = compiled.isinsert or compiled.isupdate
    unknown = [name for name in given if name not in wanted] if writes_columns else []
    if missing or unknown:
        wrong = [f"not given: {name}" for name in missing] + [f"not known: {name}" for name in unknown]
        raise WrongNames(f"{'; '.join(wrong)} (given: {', '.join(given) or 'nothing'})")


class _Conversions:
    """What becomes of the values of a row, by their places: most need nothing done, and many are nothing at all."""

    def __init__(self, converts: Sequence[Convert | None]) -> None:
        places = [(place, convert) for place, convert in enumerate(converts) if convert]
        self._of_something = [each for each in places if _keeps_nothing(each[1])]
        self._of_all = [each for each in places if each not in self._of_something]

    def of(self, values: list[Any]) -> list[Any]:
        """These values, converted where they stand."""
        for place, convert in self._of_something:
            value = values[place]
            if value is not None:
                values[place] = convert(value)
        for place, convert in self._of_all:
            values[place] = convert(values[place])
        return values


def _keeps_nothing(convert: Convert) -> bool:
    """Whether a conversion makes nothing of nothing, and so need not be asked."""
    try:
        return convert(None) is None
    except (TypeError, ValueError, AttributeError):
        return False


@lru_cache(maxsize=1024)
def prepare(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> Prepared:
    """The statement, compiled once for values of these names; for statements that are themselves made once."""
    return Prepared(statement, dialect, names)


def send(session: Session, statement: Any, given: Sequence[Given]) -> list[Any]:
    """Run a statement once for each of the given values; all the rows that it gives."""
    return _sent(session, statement, given, _run)


def counts(session: Session, statement: Any, given: Sequence[Given]) -> list[int]:
    """Run a statement that gives no rows once for each of the given values; how many rows each has written."""
    return _sent(session, statement, given, _count)


def _sent(
    session: Session, statement: Any, given: Sequence[Given], run: Callable[[Any, Prepared, list[Any]], Done]
) -> Done:
    connection = _connection(session)
    names = tuple(given[0])
    prepared = prepare(statement, connection.dialect, names)
    for each in given:
        if len(each) > len(names):  # where one is missing, it is missed below
            raise WrongNames(
                f"not known: {', '.join(sorted(set(each).difference(names)))} (given before: {', '.join(names)})"
            )
    values = [prepared.values(each) for each in given]
    cursor = connection.connection.cursor()
    try:
        _tell(connection, cursor, prepared.text, values)
        return run(cursor, prepared, values)
    except Exception as error:
        connection._handle_dbapi_exception(error, prepared.text, None, cursor, None)
    finally:
        cursor.close()


def _connection(session: Session) -> Connection:
    """The connection of a session's transaction; asked of the session, it costs as much as a small statement does."""
    begun = session._transaction
    if begun is None and isinstance(session, Reader):
        return session.look()
    held = (
        begun._connections.get(cast("Any", session.bind)) if begun is not None and begun.is_active else None
    )
    return held[0] if held else session.connection()


def _run(cursor: Any, prepared: Prepared, values: list[Any]) -> list[Any]:
    if not prepared.gives_rows and len(values) > 1:
        cursor.executemany(prepared.text, values)
        return []
    found: list[Any] = []
    for each in values:
        cursor.execute(prepared.text, each)
        if prepared.gives_rows:
            found.extend(prepared.rows(cursor))
    return found


def _count(cursor: Any, prepared: Prepared, values: list[Any]) -> list[int]:
    found = []
    for each in values:
        cursor.execute(prepared.text, each)
        found.append(cursor.rowcount)
    return found


def _tell(connection: Connection, cursor: Any, text: str, values: list[Any]) -> None:
    """Let those know that listen to statements: tests that count and explain them."""
    if connection._has_events or connection.engine._has_events:
        is_many = len(values) > 1
        for listen in connection.dispatch.before_cursor_execute:
            listen(connection, cursor, text, values if is_many else values[0], None, is_many)
