"""A look at a whole file before anything is taken: which of a tool's shapes it has, and what stands in its columns."""

from __future__ import annotations

import re
import zoneinfo
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from collector.exchange import guessing, reading
from collector.exchange.file_problem import FileProblem
from collector.exchange.mapping import Source
from collector.exchange.reading import Row
from collector.exchange.tools.description import Shape, Tool, normal

ZONE = re.compile(r'"time_?zone"\s*:\s*"([^"]+)"', re.IGNORECASE)
SAMPLE = 500
"""Texts of a column that are kept to tell what it is."""


@dataclass
class Column:
    """What a column holds: how many texts, and the first different ones."""

    filled: int = 0
    texts: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        self.filled += 1
        if text in self.texts or len(self.texts) < SAMPLE:
            self.texts[text] += 1


@dataclass(frozen=True)
class Look:
    """A file of a known shape: how it is written, its columns with what they hold, and how a question is worded."""

    path: Path
    shape: Shape
    source: Source
    columns: Mapping[str, Column]
    wordings: Mapping[str, str]
    timezone: str | None = None

    def named(self, names: Sequence[str]) -> list[str]:
        """The file's own columns of these names, in the order of the names."""
        return [self._own[normal(name)] for name in names if normal(name) in self._own]

    @cached_property
    def _own(self) -> Mapping[str, str]:
        return {normal(column): column for column in reversed(list(self.columns))}

    def role(self, role: str) -> list[str]:
        """The file's columns that can hold this."""
        return self.named(self.shape.roles.get(role, ()))

    def wording(self, column: str) -> str:
        """The question as customers read it, where the file says it beside the column's name."""
        return self.wordings.get(column) or column

    def rows(self, read: reading.Read = lambda _: None) -> Iterator[Row]:
        """Its rows, without those that explain the columns."""
        return reading.rows(self.path, self.source, read)


def look(tool: Tool, path: Path, sheet: str | None = None) -> Look:
    """Recognise a file; raises FileProblem where it has none of the tool's shapes."""
    source = guessing.table(path, sheet).source
    names, shape = [], None
    for shape in tool.shapes:
        written = replace(source, lists=shape.lists, header_rows=1)
        names = reading.columns(path, written) or _object_columns(path, written)
        if _fits(shape, names):
            return _looked(path, shape, written, names)
    known = "; ".join(
        f"{each.name}: {', '.join(names[0] for names in each.known_by)}" for each in tool.shapes
    )
    raise FileProblem(
        f"{path.name}: no file of {tool.name} has these columns: {', '.join(names[:20])}. Known are {known}.",
        "unknown_shape",
    )


def _looked(path: Path, shape: Shape, source: Source, names: Sequence[str]) -> Look:
    explained = _row(path, source, shape.wording_row)
    whole = replace(source, header_rows=shape.header_rows if reading.columns(path, source) is not None else 1)
    columns = {name: Column() for name in names}
    for row in reading.rows(path, whole):
        for name, text in row.columns.items():
            if text.strip():
                columns.setdefault(name, Column()).add(text.strip())
    zone = _zone(_row(path, source, shape.timezone_row)) or shape.timezone
    return Look(path, shape, whole, columns, explained, zone)


def _row(path: Path, source: Source, number: int | None) -> Mapping[str, str]:
    """What one of the rows below the names says of each column."""
    if number is None or reading.columns(path, source) is None:
        return {}
    found = next((row for row in reading.rows(path, source) if row.number == number), None)
    return {name: text.strip() for name, text in found.columns.items()} if found else {}


def _zone(explained: Mapping[str, str]) -> str | None:
    """The time zone that is named beside a column of times."""
    named = (match[1] for text in explained.values() if (match := ZONE.search(text)))
    return next((zone for zone in named if zone in zoneinfo.available_timezones()), None)


def _fits(shape: Shape, names: Sequence[str]) -> bool:
    there = {normal(name) for name in names}
    return all(any(normal(name) in there for name in names) for names in shape.known_by)


def _object_columns(path: Path, source: Source) -> list[str]:
    seen: dict[str, None] = {}
    for number, row in enumerate(reading.rows(path, source)):
        seen |= dict.fromkeys(row.columns)
        if number >= SAMPLE:
            break
    return list(seen)
