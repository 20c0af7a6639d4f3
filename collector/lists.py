"""A list of texts, or of ids, sent as one value, so that a statement's text and its plan are the same for one of them and for a hundred.

With a place for each, SQLAlchemy writes a statement anew for each execution, which costs more than the database's part.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Text, TypeDecorator, Uuid, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles

Given = Sequence[str]
Ids = Sequence[uuid.UUID]


def any_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a column of texts, or of ids, has one of those in the list of this name."""
    return _AnyOf(column, bindparam(name, type_=_Ids if isinstance(column.type, Uuid) else _Texts))


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
