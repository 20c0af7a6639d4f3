"""Rows out of CSV, TSV and JSON Lines files of any size, and of Excel workbooks, one at a time, and a clear line where one cannot be read.

A JSON document is read as a whole (``documents``).

A row's number is what a spreadsheet shows beside it (the header is row 1); in JSON Lines it is the line. What spreadsheets
do to a table is taken as it is meant: a first line ``sep=;``, blanks around the names of columns, empty cells that are left
out at a row's end or added there.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from collector.exchange import documents, workbooks
from collector.exchange.file_problem import FileProblem
from collector.exchange.mapping import Source

MAX_LINE = 1_000_000
MAX_FIELD = 131_072
SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".xlsx": "xlsx",
}
OBJECTS = ("jsonl", "json")
"""Formats in which each row names its own columns."""
SEPARATOR = re.compile(r'"?sep=(.)"?\r?\n?\Z')
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Read = Callable[[int], None]
"""Told how many bytes of the file have been read so far."""


@dataclass(frozen=True)
class Row:
    """One row: its number, and its columns' texts. ``broken`` says why it has none.

    ``aside``: why it is set aside, as whoever describes the file foresees.
    """

    number: int
    columns: Mapping[str, str]
    broken: str | None = None
    aside: str | None = None


def columns(path: Path, source: Source) -> list[str] | None:
    """The header's columns; None for JSON, where each object names its own."""
    if _format(path, source) in OBJECTS:
        return None
    if _format(path, source) == "xlsx":
        return _header(next(workbooks.records(path, source.sheet), []))
    with path.open("rb") as file:
        return _header(
            next(_records(_lines(file, source.encoding, lambda _: None), _dialect(path, source)), [])
        )


def rows(path: Path, source: Source, read: Read = lambda _: None) -> Iterator[Row]:
    """Every row of the file; ``FileProblem`` where it is not what the mapping says it is."""
    form = _format(path, source)
    if form == "xlsx":
        yield from _table_rows(workbooks.records(path, source.sheet), source)
        read(path.stat().st_size)
        return
    with path.open("rb") as file:
        lines = _lines(file, source.encoding, read)
        if form == "json":
            yield from _document_rows(file, source, read)
        elif form == "jsonl":
            yield from _json_rows(lines, source)
        else:
            yield from _table_rows(_records(lines, _dialect(path, source)), source)


def _format(path: Path, source: Source) -> str:
    if path.suffix.lower() in workbooks.OTHERS:
        raise FileProblem(f"{path.name}: save the workbook as .xlsx, or the sheet as CSV.", "other_workbook")
    found = SUFFIXES.get(path.suffix.lower()) if path.suffix.lower() == ".xlsx" else None
    found = found or source.format or SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise FileProblem(
            f"{path.name}: say `file: {{format: csv}}` in the mapping (or tsv, jsonl, json, xlsx).",
            "unknown_format",
        )
    return found


def _dialect(path: Path, source: Source) -> str:
    return source.delimiter or ("\t" if _format(path, source) == "tsv" else ",")


def _lines(file: IO[bytes], encoding: str, read: Read) -> Iterator[str]:
    """The file's lines, decoded one by one, so that a wrong byte is found in its line."""
    if encoding == "utf-16":
        yield from _wide_lines(file, read)
        return
    number, size = 0, 0
    while raw := file.readline(MAX_LINE + 1):
        number, size = number + 1, size + len(raw)
        if len(raw) > MAX_LINE:
            raise FileProblem(
                f"line {number}: longer than {MAX_LINE:,} bytes; is this a text file?", "line_too_long"
            )
        try:
            line = raw.decode("utf-8-sig" if number == 1 and encoding == "utf-8" else encoding)
        except UnicodeDecodeError as error:
            raise FileProblem(
                f"line {number}: byte 0x{raw[error.start]:02X} is not {encoding}; "
                "say `file: {encoding: ...}` in the mapping (utf-8, utf-16, cp1252 or latin-1).",
                "wrong_encoding",
            ) from None
        read(size)
        yield line


def _wide_lines(file: IO[bytes], read: Read) -> Iterator[str]:
    number = 0
    with io.TextIOWrapper(file, encoding="utf-16", newline="") as text:
        try:
            while line := text.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise FileProblem(f"line {number}: longer than {MAX_LINE:,} characters.", "line_too_long")
                read(file.tell())
                yield line
        except UnicodeError:
            raise FileProblem(f"near line {number + 1}: this is not utf-16.", "wrong_encoding") from None


def _records(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    first = next(lines, "")
    named = SEPARATOR.match(first)
    lines, delimiter = (lines, named[1]) if named else (chain([first], lines), delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileProblem(f"line {reader.line_num}: {_reason(str(error))}", "broken_table") from None
        yield record


def _reason(error: str) -> str:
    if "field limit" in error:
        return (
            f"a field is longer than {MAX_FIELD:,} characters; is a closing quotation mark missing before it?"
        )
    if "end of data" in error:
        return "the file ends inside quotation marks."
    return f"{error}."


def _header(record: list[str]) -> list[str]:
    if not any(record):
        raise FileProblem("row 1: there is no header; the first row must name the columns.", "no_header")
    return [name.strip() or f"column {number}" for number, name in enumerate(record, start=1)]


def _table_rows(records: Iterator[list[str]], source: Source) -> Iterator[Row]:
    header = _header(next(records, []))
    for number, record in enumerate(records, start=2):
        if not record or number <= source.header_rows:
            continue
        texts = _fitted(record, len(header))
        if texts is None:
            yield Row(number, {}, "wrong_columns")
            continue
        texts = [restored(text) for text in texts] if source.neutralised else texts
        yield Row(number, dict(zip(header, texts, strict=True)))


def _fitted(record: list[str], width: int) -> list[str] | None:
    """The cells under a header of this width; None where a cell that is not empty stands beside it."""
    if any(text.strip() for text in record[width:]):
        return None
    return record[:width] + [""] * (width - len(record))


def restored(text: str) -> str:
    """Take back the apostrophe that keeps a spreadsheet from computing a text."""
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA) else text


def _json_rows(lines: Iterator[str], source: Source) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield Row(number, {}, "not_json")
            continue
        if isinstance(value, dict):
            yield Row(number, documents.columns(value, source.lists))
        else:
            yield Row(number, {}, "not_an_object")


def _document_rows(file: IO[bytes], source: Source, read: Read) -> Iterator[Row]:
    raw = file.read(documents.LARGEST + 1)
    if len(raw) > documents.LARGEST:
        raise FileProblem(
            f"a JSON document of more than {documents.LARGEST:,} bytes; take CSV or JSON Lines.", "too_large"
        )
    for number, item in enumerate(documents.rows(raw, source.lists), start=1):
        yield Row(number, item)
    read(len(raw))
