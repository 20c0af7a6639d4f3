"""Responses out as CSV or JSON Lines, row by row, however many there are."""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from babel import Locale
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from collector import clock, errors
from collector.exchange.reading import FORMULA
from collector.responses import Response

COLUMNS = (
    "response_id", "occurred_at", "touchpoint", "journey", "journey_version", "journey_instance", "survey",
    "survey_version", "series_id", "metric", "target", "score", "comment", "answers", "source", "respondent", "channel",
    "persona", "variant", "locale", "customer", "transaction", "attributes", "complete", "received_at",
)  # fmt: skip
FORMATS = ("csv", "jsonl")
CHUNK = 1000


@dataclass(frozen=True)
class Style:
    """How a CSV file is written: for programs (RFC 4180), or as the spreadsheets of a country open it by a double click."""

    mark: str = ""
    delimiter: str = ","
    decimal: str = "."


PLAIN = Style()


def excel(language: str) -> Style:
    """Excel takes a file for UTF-8 by its mark, and expects semicolons where a comma is the decimal mark."""
    decimal = Locale.parse(language, sep="-").number_symbols["latn"]["decimal"]
    return Style("\ufeff", ";" if decimal == "," else ",", decimal)


Write = Callable[[Sequence[Any]], object]
"""Takes the values of one row, in the order of the table's columns."""


def export_responses(
    session: Session,
    workspace_id: uuid.UUID,
    file: TextIO,
    form: str,
    since: datetime | None = None,
    until: datetime | None = None,
    journey: str | None = None,
    touchpoint: str | None = None,
    style: Style = PLAIN,
) -> Iterator[int]:
    """Write responses in the order of their time; yields how many are written, after each chunk.

    ``since`` is inclusive, ``until`` is not; ``journey`` and ``touchpoint`` narrow it. The order is total, so the same export twice is the same file.
    """
    write = table(file, form, COLUMNS, style)
    columns = [getattr(Response, name) for name in COLUMNS]
    query = _of(_within(select(*columns), workspace_id, since, until), journey, touchpoint)
    query = query.order_by(Response.occurred_at, Response.response_id).execution_options(yield_per=CHUNK)
    written = 0
    for chunk in session.execute(query).partitions():
        for row in chunk:
            write(row)
        written += len(chunk)
        yield written


def count_responses(
    session: Session,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    journey: str | None = None,
    touchpoint: str | None = None,
) -> int:
    """How many responses an export will hold."""
    query = _within(select(func.count()).select_from(Response), workspace_id, since, until)
    return session.scalar(_of(query, journey, touchpoint)) or 0


def table(file: TextIO, form: str, columns: Sequence[str], style: Style = PLAIN) -> Write:
    """Begin a table of one of the ``FORMATS``; what it gives back takes the rows."""
    if form not in FORMATS:
        raise errors.BadInput(f"There is no format {form!r}.", fields={"format": ["must be csv or jsonl"]})
    return _csv_writer(file, columns, style) if form == "csv" else _json_writer(file, columns)


def neutralised(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, "CSV Injection"): an apostrophe before it.

    A text that begins with an apostrophe and such a character gets one more, so that reading can take it back.
    """
    plain = text.lstrip("'")
    return "'" + text if plain.startswith(FORMULA) else text


def _within(
    query: Select[Any], workspace_id: uuid.UUID, since: datetime | None, until: datetime | None
) -> Select[Any]:
    query = query.where(Response.workspace_id == workspace_id)
    if since is not None:
        query = query.where(Response.occurred_at >= since)
    return query if until is None else query.where(Response.occurred_at < until)


def _of(query: Select[Any], journey: str | None, touchpoint: str | None) -> Select[Any]:
    if journey is not None:
        query = query.where(Response.journey == journey)
    return query if touchpoint is None else query.where(Response.touchpoint == touchpoint)


def _csv_writer(file: TextIO, columns: Sequence[str], style: Style) -> Write:
    file.write(style.mark)
    writer = csv.writer(file, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    return lambda row: writer.writerow([_cell(value, style) for value in row])


def _json_writer(file: TextIO, columns: Sequence[str]) -> Write:
    def write(row: Sequence[Any]) -> None:
        values = {name: _plain(value) for name, value in zip(columns, row, strict=True)}
        file.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n")

    return write


def _cell(value: Any, style: Style) -> Any:
    """A number stays one (also a negative one); every text is made safe."""
    plain = _plain(value)
    if isinstance(plain, float):
        return str(plain).replace(".", style.decimal)
    if isinstance(plain, dict | list):
        plain = json.dumps(plain, ensure_ascii=False)
    if isinstance(plain, bool):
        return str(plain).lower()
    return neutralised(plain) if isinstance(plain, str) else plain


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.iso(value)
    return str(value) if isinstance(value, uuid.UUID) else value
