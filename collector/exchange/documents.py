"""A JSON document as rows: the list of objects that it holds, wherever that stands, and the lists inside them as columns.

Programs that hand out answers wrap them (``{"items": [...]}``, ``{"responses": [{"1": {...}}]}``) and keep what was said
in lists (``[{"field": ..., "text": ...}]``); a row of a table has a column for each instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from collector.exchange.file_problem import FileProblem
from collector.exchange.mapping import NamedList

LARGEST = 100_000_000
"""Bytes of a document: it is read as a whole."""
WRAPPERS = ("responses", "items", "data", "result", "results", "rows", "elements")
DEEPEST = 8


def rows(raw: bytes, lists: Sequence[NamedList] = ()) -> Iterator[dict[str, str]]:
    """The columns of each object; raises FileProblem where there is no list of objects."""
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FileProblem(f"this is not JSON: {str(error)[:200]}.", "not_json") from None
    for item in _objects(document):
        yield columns(item, lists)


def columns(item: Mapping[str, Any], lists: Sequence[NamedList] = ()) -> dict[str, str]:
    """One object as texts by the names of columns; those of an object inside it are named ``answers.comment``."""
    named = dict(pair for each in lists for pair in _named(item, each))
    left = {each.path.partition(".")[0] for each in lists}
    return {
        key: text_of(value) for key, value in flat({k: v for k, v in item.items() if k not in left})
    } | named


def flat(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """The object's values with their paths, however deep they stand."""
    for key, item in value.items():
        name = f"{path}.{key}" if path else key
        if isinstance(item, dict) and path.count(".") < DEEPEST:
            yield from flat(item, name)
        else:
            yield name, item


def text_of(value: Any) -> str:
    """A value as a cell of a table would hold it."""
    if value is None or value == [] or value == {}:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _objects(document: Any) -> Iterator[Mapping[str, Any]]:
    found = document if isinstance(document, list) else _wrapped(document)
    for item in found:
        if not isinstance(item, dict):
            raise FileProblem("the list holds something that is no object.", "not_an_object")
        inner = next(iter(item.values()), None)
        yield inner if len(item) == 1 and isinstance(inner, dict) else item


def _wrapped(document: Any) -> Sequence[Any]:
    if isinstance(document, dict):
        for name in WRAPPERS:
            found = document.get(name)
            if isinstance(found, list):
                return found
            if isinstance(found, dict):
                return _wrapped(found)
    listed = ", ".join(WRAPPERS)
    raise FileProblem(f"there is no list of objects, neither as a whole nor under {listed}.", "no_rows")


def _named(item: Mapping[str, Any], each: NamedList) -> Iterator[tuple[str, str]]:
    for entry in _entries(item, each.path.split(".")):
        name = next((str(found) for path in each.key if (found := _at(entry, path)) is not None), None)
        said = next((found for path in each.value if (found := _at(entry, path)) is not None), None)
        if name is not None:
            listed = isinstance(said, list) and all(isinstance(part, str) for part in said)
            yield name, ", ".join(said) if listed else text_of(said)  # type: ignore[arg-type]


def _entries(item: Any, path: Sequence[str]) -> Iterator[Any]:
    """What stands in the list at the path's end, through the lists on the way."""
    found = item.get(path[0]) if isinstance(item, dict) else None
    for entry in found if isinstance(found, list) else ():
        if len(path) == 1:
            yield entry
        else:
            yield from _entries(entry, path[1:])


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(value, list) and key.isdecimal():
            value = value[int(key)] if int(key) < len(value) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value
