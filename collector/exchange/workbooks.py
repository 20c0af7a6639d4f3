"""Rows of an Excel workbook (``.xlsx``), as the texts that a CSV file of it would hold.

The reader builds a whole sheet in memory, as wide and long as its furthest cell. So the archive is looked through first:
how much it unpacks to, how far its cells reach, whether it holds macros. What is too large is refused before it is read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from collector.exchange.file_problem import FileProblem

LARGEST, MOST_MEMBERS, MOST_CELLS = 300_000_000, 2_000, 5_000_000
"""Bytes that an archive may unpack to, files in it, cells that a sheet may span."""
OTHERS = {".xls", ".xlsm", ".xlsb", ".xltx", ".ods"}
"""Workbooks that are none of ours."""
CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
CHUNK, OVERLAP = 1_000_000, 64


def records(path: Path, sheet: str | None = None) -> Iterator[list[str]]:
    """The rows of a sheet, by default of the first that holds any; raises FileProblem for what cannot be read."""
    from python_calamine import CalamineError, CalamineWorkbook  # only where a workbook comes

    _look_through(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            found = _sheet(path, book, sheet)
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable(path, str(error)) from None
    yield from ([text_of(value) for value in row] for row in found)


def is_one(path: Path) -> bool:
    """Whether a file is a workbook that is read here, by its ending."""
    return path.suffix.lower() == ".xlsx"


def chosen(path: Path, sheet: str | None) -> str | None:
    """The sheet that somebody asks for; raises FileProblem where the file has none at all."""
    if sheet and not is_one(path):
        raise FileProblem(
            f"{path.name}: only a workbook (.xlsx) has sheets; leave the sheet out.", "no_sheets"
        )
    return sheet or None


def unread(path: Path, sheet: str | None = None) -> list[str]:
    """The sheets with rows that are left: all but the chosen one, else but the first that holds any."""
    from python_calamine import CalamineError, CalamineWorkbook  # only where a workbook comes

    _look_through(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            filled = [
                name
                for name in book.sheet_names
                if book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable(path, str(error)) from None
    return [name for name in filled if name != sheet] if sheet else filled[1:]


def text_of(value: Any) -> str:
    """A cell as a text: whole numbers without a fraction, days and times in ISO 8601."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float | timedelta) else ""


def _sheet(path: Path, book: Any, name: str | None) -> list[list[Any]]:
    names = book.sheet_names
    if name is not None and name not in names:
        listed = ", ".join(names[:20])
        raise FileProblem(f"{path.name}: there is no sheet {name!r}; there are {listed}.", "unknown_sheet")
    for each in [name] if name is not None else names:
        rows = book.get_sheet_by_name(each).to_python(skip_empty_area=False)
        if rows:
            return list(rows)
    return []


def _look_through(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        raise _unreadable(path, "no archive")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if any(member.filename.endswith("vbaProject.bin") for member in members):
                raise FileProblem(
                    f"{path.name}: the workbook holds macros; save it as .xlsx without them.", "has_macros"
                )
            if len(members) > MOST_MEMBERS:
                raise _too_large(path)
            left = LARGEST
            for member in members:
                left -= _reach(path, archive, member, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _unreadable(path, str(error)) from None


def _reach(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """The bytes that a member really unpacks to; raises FileProblem where they, or its cells, are too many."""
    size, tail, furthest = 0, b"", (0, 0)
    with archive.open(member) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise _too_large(path)
            if member.filename.startswith("xl/worksheets/"):
                furthest = _furthest(tail + chunk, furthest)
                if furthest[0] * furthest[1] > MOST_CELLS:
                    raise _too_large(path)
                tail = chunk[-OVERLAP:]
    return size


def _furthest(text: bytes, so_far: tuple[int, int]) -> tuple[int, int]:
    """The largest column and row that a cell stands at."""
    columns, rows = so_far
    for letters, row in CELL.findall(text):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        columns, rows = max(columns, column), max(rows, int(row))
    return columns, rows


def _too_large(path: Path) -> FileProblem:
    return FileProblem(
        f"{path.name}: the workbook is too large to be read; save the sheet as CSV.", "too_large"
    )


def _unreadable(path: Path, why: str) -> FileProblem:
    return FileProblem(
        f"{path.name}: this is no workbook that can be read ({why[:120]}); is it protected by a password? Save it as .xlsx or CSV.",
        "no_workbook",
    )
