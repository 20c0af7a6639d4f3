"""A list of texts, or of ids, sent as one value, so that a statement's text and its plan are the same for one of them and for a hundred.

With a place for each, SQLAlchemy writes a statement anew for each execution, which costs more than the database's part.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Text, TypeDecorator, Uuid, bindparam, column, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles

Given = Sequence[str]
Ids = Sequence[uuid.UUID]


def any_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a column of texts, or of ids, has one of those in the list of this name."""
    return _AnyOf(column, bindparam(name, type_=_Ids if isinstance(column.type, Uuid) else _Texts))


def any_pair_of(
    columns: tuple[ColumnElement[Any], ColumnElement[Any]], names: tuple[str, str]
) -> ColumnElement[bool]:
    """Whether two columns of texts have a pair in the two lists of these names, which are as long as each other.

    To PostgreSQL they are pairs, as it would expect to look up each of the one list with each of the other, and rather
    read a whole workspace; SQLite is asked for each alone, which finds no less.
    """
    return _AnyPairOf(columns, tuple(bindparam(name, type_=_Texts) for name in names))


def each(name: str) -> Any:
    """A table whose column ``id`` has each of the ids in the list of this name, as PostgreSQL makes one."""
    return (
        func.unnest(bindparam(name, type_=_Ids))
        .table_valued(column("id", Uuid), name="given")
        .render_derived()
    )


class _Texts(TypeDecorator[Given]):
    """An array to PostgreSQL, to SQLite a JSON text; written here, as the driver's own array takes four times as long."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def bind_processor(self, dialect: Dialect) -> Callable[[Given | None], str | None]:
        return _array if dialect.name == "postgresql" else _json


class _Ids(TypeDecorator[Ids]):
    """The same of ids, which PostgreSQL has a type for, and which SQLite keeps as their 32 digits."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Uuid()) if dialect.name == "postgresql" else Text())

    def bind_processor(self, dialect: Dialect) -> Callable[[Ids | None], str]:
        write: Callable[[Given], str] = _array if dialect.name == "postgresql" else _json
        return lambda values: write([value.hex for value in values or ()])


class _AnyOf(ColumnElement[bool]):
    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], values: ColumnElement[Any]) -> None:
        self.column, self.values = column, values


class _AnyPairOf(ColumnElement[bool]):
    inherit_cache = False

    def __init__(self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]]) -> None:
        self.parts = [_AnyOf(column, each) for column, each in zip(columns, values, strict=True)]


@compiles(_AnyPairOf)
def _each_in_json(element: _AnyPairOf, compiler: Any, **given: Any) -> str:
    return f"({' AND '.join(_in_json(part, compiler, **given) for part in element.parts)})"


@compiles(_AnyPairOf, "postgresql")
def _pair_in_arrays(element: _AnyPairOf, compiler: Any, **given: Any) -> str:
    columns, values = (
        ", ".join(compiler.process(each, **given) for each in side)
        for side in ([part.column for part in element.parts], [part.values for part in element.parts])
    )
    return f"({columns}) IN (SELECT * FROM unnest({values}))"


@compiles(_AnyOf)
def _in_json(element: _AnyOf, compiler: Any, **given: Any) -> str:
    column, values = compiler.process(element.column, **given), compiler.process(element.values, **given)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_AnyOf, "postgresql")
def _in_array(element: _AnyOf, compiler: Any, **given: Any) -> str:
    column, values = compiler.process(element.column, **given), compiler.process(element.values, **given)
    return f"{column} = ANY ({values})"


def _json(values: Given | None) -> str:
    """The JSON of a list, without an encoder, which is made anew for each."""
    return "[" + ",".join(map(encode_basestring_ascii, values or ())) + "]"


def _array(values: Given | None) -> str:
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values or ()]
    return '{"' + '","'.join(quoted) + '"}' if quoted else "{}"
