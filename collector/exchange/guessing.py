"""What a table looks like before anybody has said so: encoding, delimiter, rows of the header, how times are written."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from collector.exchange import moments, reading, workbooks
from collector.exchange.mapping import Source

DELIMITERS = (",", ";", "\t", "|")
FORMS = (
    "iso",
    *(
        f"{day}{clock}"
        for day in ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%y", "%m/%d/%y", "%d. %B %Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%y", "%Y/%m/%d")
        for clock in ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")
    ),
    "unix",
    "excel",
)  # fmt: skip
YEARS = (2000, 2100)
SAMPLE, BYTES = 200, 1_000_000
MOST = 0.9
"""Part of a column's texts that are to be times before it is taken for a column of times."""
WAYS, FIRST = 3, 10
"""So many ways of writing a time may stand in one column, as where it went through a spreadsheet."""


@dataclass(frozen=True)
class Table:
    """A sample of a file: how it is written, its columns, and what they hold."""

    source: Source
    columns: Sequence[str]
    rows: Sequence[reading.Row]

    def texts(self, column: str) -> list[str]:
        """What the column holds, without what is empty."""
        found = (row.columns.get(column, "").strip() for row in self.rows)
        return [text for text in found if text]


def table(path: Path, sheet: str | None = None) -> Table:
    """Look at the first rows of a file (of a workbook's sheet); ``FileProblem`` where nobody can read it."""
    form, sheet = reading.SUFFIXES.get(path.suffix.lower()), workbooks.chosen(path, sheet)
    if form == "xlsx":
        return _with_header(path, Source(sheet=sheet))
    with path.open("rb") as file:
        start = file.read(BYTES)
    encoding = encoding_of(start)
    if form in reading.OBJECTS:
        return _sampled(path, Source(format=None, encoding=encoding))
    text = start.decode(encoding, "ignore")
    separator = delimiter_of(text)
    usual = "\t" if form == "tsv" else ","
    source = Source(
        format=None if form else "csv",
        encoding=encoding,
        delimiter=None if separator == usual else separator,
    )
    return _with_header(path, source)


def _with_header(path: Path, source: Source) -> Table:
    first = _sampled(path, source)
    rows = header_rows(first)
    return first if rows == 1 else _sampled(path, replace(source, header_rows=rows))


def encoding_of(start: bytes) -> str:
    """UTF-16 by its mark, UTF-8 where it is, else what Windows writes in the west."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and len(start) == BYTES
        return "utf-8" if cut else "cp1252"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """The one that cuts most lines into the same number of cells, more than one."""
    named = reading.SEPARATOR.match(text.partition("\n")[0])
    if named:
        return named[1]
    return max(DELIMITERS, key=lambda each: _evenness(text, each))


def header_rows(found: Table) -> int:
    """How many rows come before the first time in the column that holds times: some tools explain their columns there."""
    for column in found.columns:
        texts = [row.columns.get(column, "").strip() for row in found.rows]
        for before in (1, 2):
            rest = [text for text in texts[before:] if text]
            if rest and times(rest) and not times(texts[:before]):
                return 1 + before
    return 1


def times(texts: Sequence[str]) -> list[str]:
    """The ways of writing a time that together fit (nearly) all of these texts, the commonest first; else none."""
    chosen: list[str] = []
    rest = list(texts)
    likely = [form for form in FORMS if any(is_time(text, form) for text in {*texts[:FIRST], *texts[-1:]})]
    while likely and len(chosen) < WAYS and len(rest) > (1 - MOST) * len(texts):
        read = {form: [text for text in rest if is_time(text, form)] for form in likely}
        form = max(likely, key=lambda each: len(read[each]))
        if not read[form]:
            break
        chosen.append(form)
        rest = [text for text in rest if text not in set(read[form])]
    return chosen if texts and len(rest) <= (1 - MOST) * len(texts) else []


def is_time(text: str, form: str) -> bool:
    """Whether a text is a time of this form, in years in which customers are asked."""
    moment = moments.read(text, form, "UTC")
    if moment is None or (form == "iso" and text.isdecimal()):
        return False
    return YEARS[0] <= moment.year < YEARS[1]


def _sampled(path: Path, source: Source) -> Table:
    rows = list(islice((row for row in reading.rows(path, source) if not row.broken), SAMPLE))
    named = reading.columns(path, source) or _all_columns(rows)
    return Table(source, named, rows)


def _all_columns(rows: Iterable[reading.Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.columns))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    widths = Counter(len(record) for record in _records(text, delimiter) if record)
    width, lines = max(widths.items(), key=lambda each: (each[1], each[0]), default=(1, 0))
    return (lines / sum(widths.values()) if width > 1 else 0.0), width


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = text.splitlines(keepends=True)[:SAMPLE]
    return csv.reader(lines, delimiter=delimiter)
