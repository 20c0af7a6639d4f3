"""The API's readable page, drawn from the OpenAPI document by the server: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, render_template

from collector import web

pages = Blueprint("api_page", __name__)
METHODS = ("get", "post", "put", "patch", "delete")
DEPTH = 5
CODES = Path(__file__).with_name("error_codes.yaml")


@dataclass(frozen=True)
class Row:
    """One field of a body, indented by how deep it lies."""

    depth: int
    name: str
    type: str
    required: bool
    about: str


@dataclass(frozen=True)
class Operation:
    """One call: how to make it and what comes back."""

    method: str
    path: str
    about: str
    callers: tuple[str, ...]
    parameters: list[Row]
    body: list[Row]
    answers: list[tuple[str, str, list[Row]]]

    @property
    def anchor(self) -> str:
        return f"{self.method}-{self.path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}"


@pages.get("/docs/api")
@web.public
def show_api() -> Any:
    return render_template("api.html", groups=groups(web.openapi()))


@pages.get("/docs/errors")
@web.public
def show_errors() -> Any:
    return render_template("errors.html", codes=error_codes())


@cache
def error_codes() -> dict[str, str]:
    """code -> what it means and what to do."""
    loaded: dict[str, str] = yaml.safe_load(CODES.read_text("utf-8"))
    return loaded


def groups(document: dict[str, Any]) -> dict[str, list[Operation]]:
    """tag -> its operations, in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                said = item[method]
                tag = (said.get("tags") or ["other"])[0]
                found.setdefault(tag, []).append(_operation(document, path, method, item, said))
    return found


def _operation(
    document: dict[str, Any], path: str, method: str, item: dict[str, Any], said: dict[str, Any]
) -> Operation:
    parameters = [
        _follow(document, each) for each in [*item.get("parameters", []), *said.get("parameters", [])]
    ]
    return Operation(
        method=method,
        path=path,
        about=said.get("summary", "") or said.get("description", ""),
        callers=tuple(said.get("x-callers", ())),
        parameters=[_parameter(each) for each in parameters],
        body=list(_rows(document, _schema(said.get("requestBody", {})))),
        answers=[_answer(document, status, each) for status, each in said.get("responses", {}).items()],
    )


def _parameter(said: dict[str, Any]) -> Row:
    schema = said.get("schema", {})
    return Row(
        0, said["name"], _type(schema), said.get("required", False), said.get("description", _limits(schema))
    )


def _answer(document: dict[str, Any], status: str, said: dict[str, Any]) -> tuple[str, str, list[Row]]:
    said = _follow(document, said)
    return status, said.get("description", ""), list(_rows(document, _schema(said)))


def _schema(said: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = next(iter(said.get("content", {}).values()), {})
    schema: dict[str, Any] = content.get("schema", {})
    return schema


def _rows(document: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> Iterator[Row]:
    schema = _follow(document, schema)
    if depth > DEPTH:
        return
    if schema.get("type") == "array":
        yield from _rows(document, schema.get("items", {}), depth)
        return
    required = schema.get("required", [])
    for name, inner in schema.get("properties", {}).items():
        resolved = _follow(document, inner)
        yield Row(
            depth, name, _type(resolved), name in required, resolved.get("description", _limits(resolved))
        )
        yield from _rows(document, resolved, depth + 1)


def _follow(document: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What a ``$ref`` (also one of ``allOf``/``anyOf``) points at."""
    for part in [said, *said.get("allOf", []), *said.get("anyOf", [])]:
        if "$ref" in part:
            found: Any = document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            return dict(found)
    return said


def _type(schema: dict[str, Any]) -> str:
    named = schema.get("type", "any")
    text = " or ".join(named) if isinstance(named, list) else str(named)
    if schema.get("format"):
        text = f"{text} ({schema['format']})"
    if named == "array":
        text = f"list of {_type(schema.get('items', {}))}"
    return text.replace("list of any", "list").replace("object", "{…}")


def _limits(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"] if value is not None)
    names = {"minimum": "at least", "maximum": "at most", "minLength": "length from", "maxLength": "length to", "minItems": "from", "maxItems": "to"}  # fmt: skip
    return ", ".join(f"{word} {schema[name]}" for name, word in names.items() if name in schema)
