"""Groups rows into requests: pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from ..outbox.rows import BARRIERS, CANCEL, INTERACTION, TRIGGER, Row
from ..payloads import timestamp

MAX_ROWS = 500
MAX_BYTES = 512 * 1024

_COLLECTIONS = {TRIGGER: "triggers", INTERACTION: "interactions"}


class Request(NamedTuple):
    """One call to the collector and the rows that it settles; `items` is the plural that a 422 uses in its paths."""

    method: str
    path: str
    body: bytes | None
    rows: tuple[Row, ...]
    items: str | None


def unreadable(row: Row) -> str | None:
    """Return why a row cannot be sent by this version: a table of the caller's may hold anything; None if it can."""
    if row.kind not in _COLLECTIONS and row.kind not in BARRIERS:
        return f"unknown kind {row.kind!r}: written by a later version of the SDK?"
    body: object = row.body
    if not isinstance(body, str):
        return f"the body is no text but {type(body).__name__}"
    if row.kind in BARRIERS and not _is_json_text(body):
        return "the body does not say what to undo"
    return None


def _is_json_text(body: str) -> bool:
    try:
        return isinstance(json.loads(body), str)
    except ValueError:
        return False


def plan(rows: Sequence[Row]) -> list[Request]:
    """Return the requests for the oldest rows, in an order that may be followed blindly.

    Triggers and interactions are independent of each other and go in batches; a cancellation or an erasure waits
    until all before it is through, and nothing after it overtakes it.
    """
    if rows and rows[0].kind in BARRIERS:
        return [_barrier(rows[0])]
    batches: dict[str, list[Row]] = {kind: [] for kind in _COLLECTIONS}
    for row in rows:
        if row.kind in BARRIERS:
            break
        batches[row.kind].append(row)
    return [batch(part) for members in batches.values() for part in _parts(members)]


def batch(rows: Sequence[Row]) -> Request:
    """Return one request for rows of one kind."""
    items = _COLLECTIONS[rows[0].kind]
    body = f'{{"{items}":[{",".join([row.body for row in rows])}]}}'
    return Request("POST", f"/api/v1/{items}", body.encode(), tuple(rows), items)


def _barrier(row: Row) -> Request:
    folder = "triggers" if row.kind == CANCEL else "customers"
    name, at = quote(json.loads(row.body), safe=""), timestamp(row.at)
    return Request("DELETE", f"/api/v1/{folder}/{name}?occurred_at={at}", None, (row,), None)


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    size = 0
    for row in rows:
        if part and (len(part) >= MAX_ROWS or size + len(row.body) > MAX_BYTES):
            yield part
            part, size = [], 0
        part.append(row)
        size += len(row.body)
    if part:
        yield part
