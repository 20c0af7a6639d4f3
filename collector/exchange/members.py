"""Members of a panel out of a spreadsheet's file, and into one; whatever its delimiter and encoding; a report row by row."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TextIO

from sqlalchemy.orm import Session

from collector.communities import panels
from collector.communities.panels import Means, Numbered, Panel, Report
from collector.exchange.mapping import Source
from collector.exchange.reading import SUFFIXES, Read, rows
from collector.exchange.writing import table

BATCH = 500
COLUMNS = ("customer", "source", "joined_at", "left_at", "consent_text", "consent_at", "consent_source", "locale", "attributes")  # fmt: skip
DELIMITERS = ",;\t"


def import_members(
    session: Session, means: Means, path: Path, now: datetime, read: Read = lambda _: None
) -> Iterator[Report]:
    """Take a file in batches; the report after each, so that the caller can commit there (or take all back)."""
    report = Report()
    stream = _numbered(path, read)
    while batch := list(islice(stream, BATCH)):
        panels.taking.take(session, means, batch, now, report)
        yield report
    yield report


def export_members(session: Session, panel: Panel, file: TextIO) -> None:
    """Write a panel's members, past ones included, by pseudonym; how they are reached is never in it."""
    write, after = table(file, "csv", COLUMNS), None
    while found := panels.listing.page(session, panel, after, BATCH):
        for row in found:
            write([getattr(row, name) for name in COLUMNS])
        after = found[-1].member_id


def source_of(path: Path) -> Source:
    """How a file is written, as its first bytes show: what spreadsheets of any language save is read."""
    with path.open("rb") as file:
        start = file.read(200_000)
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    if encoding == "utf-8" and not _is_utf_8(start):
        encoding = "cp1252"
    first = start.decode(encoding, "replace").split("\n", 1)[0]
    return Source(
        SUFFIXES.get(path.suffix.lower(), "csv"), encoding, max(DELIMITERS, key=first.count), neutralised=True
    )


def _is_utf_8(start: bytes) -> bool:
    """A character cut off at the end of what was read does not count."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _numbered(path: Path, read: Read) -> Iterator[Numbered]:
    for row in rows(path, source_of(path), read):
        yield row.number, row.broken or row.columns
