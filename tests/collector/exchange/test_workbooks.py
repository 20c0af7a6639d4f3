"""Excel workbooks are read like tables; what would harm, or is none of ours, is refused with what to do."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.exchange import console, describing, members, reading, workbooks
from collector.exchange.file_problem import FileProblem
from collector.exchange.mapping import Source
from collector.responses import Response

ROWS = [
    ["id", " place", "score", "text", "at"],
    [1, "ward", 5, "Quiet, and clean", datetime(2026, 10, 1, 8, 30)],  # noqa: DTZ001
    ["x-2", "ward", 4.0, None, date(2026, 10, 2)],
    [3, "ward", "3,0", "Off the scale"],
]
MAPPING = "name: cards\nmetric: csat\nid: id\ntouchpoint: {column: place}\nscore: {column: score}\ncomment: {column: text}\noccurred_at: {column: at}\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook.write(tmp_path / "cards.xlsx", {"Notes": [], "Answers": ROWS, "More": [["a"], ["b"]]})


def test_cells_are_the_texts_that_csv_would_hold(book: Path) -> None:
    read = [dict(row.columns) for row in reading.rows(book, Source())]
    assert read == [
        {"id": "1", "place": "ward", "score": "5", "text": "Quiet, and clean", "at": "2026-10-01 08:30:00"},
        {"id": "x-2", "place": "ward", "score": "4", "text": "", "at": "2026-10-02"},
        {"id": "3", "place": "ward", "score": "3,0", "text": "Off the scale", "at": ""},
    ]
    assert [row.columns for row in reading.rows(book, Source(sheet="More"))] == [{"a": "b"}]


def test_a_workbook_is_described_and_imported(book: Path, import_file: Any, session: Session) -> None:
    proposed = describing.describe(book).text
    assert "column: score" in proposed
    mapping = book.parent / "mapping.yaml"
    mapping.write_text(MAPPING)
    done = import_file(book, mapping)
    assert done.code == console.REJECTED
    assert "1 skipped: no date (rows 4)" in done.out
    found = session.scalars(select(Response).order_by(Response.occurred_at)).all()
    assert [(row.score, row.occurred_at.hour) for row in found] == [(5, 8), (4, 12)]


def test_the_sheets_that_are_not_read_are_named(book: Path, tmp_path: Path) -> None:
    assert any("More" in remark and "Notes" not in remark for remark in describing.describe(book).remarks)
    alone = workbook.write(tmp_path / "alone.xlsx", {"Notes": [], "Answers": ROWS})
    assert not any("Sheets that are not read" in remark for remark in describing.describe(alone).remarks)


def test_members_come_from_a_workbook_too(tmp_path: Path) -> None:
    path = workbook.write(
        tmp_path / "members.xlsx", {"Members": [["customer", "email"], ["c-1", "a@example.com"]]}
    )
    assert [row.columns["customer"] for row in reading.rows(path, members.source_of(path))] == ["c-1"]


def refused(path: Path, source: Source = Source()) -> str:  # noqa: B008  # frozen
    with pytest.raises(FileProblem) as error:
        list(reading.rows(path, source))
    return str(error.value.code)


def test_what_is_none_of_ours_is_refused(tmp_path: Path, book: Path) -> None:
    (tmp_path / "locked.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    (tmp_path / "empty.xlsx").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    macros = workbook.write(tmp_path / "macros.xlsx", {"A": ROWS}, **{"xl__vbaProject.bin": b"Sub"})
    names = ("locked.xlsx", "empty.xlsx", "zip.xlsx")
    assert [refused(tmp_path / name) for name in names] == ["no_workbook"] * 3
    assert refused(macros) == "has_macros"
    assert refused(book, Source(sheet="Nope")) == "unknown_sheet"
    for ending in workbooks.OTHERS:
        assert refused(tmp_path / f"x{ending}") == "other_workbook"


def test_one_cell_far_away_asks_for_no_memory(tmp_path: Path) -> None:
    far = workbook.sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    path = workbook.write(tmp_path / "far.xlsx", {}, **{"xl__worksheets__sheet1.xml": far.encode()})
    assert refused(path) == "too_large"


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST", 3_000_000)
    path = workbook.write(tmp_path / "bomb.xlsx", {"A": ROWS}, **{"xl__sharedStrings.xml": b" " * 9_000_000})
    assert path.stat().st_size < 100_000
    assert refused(path) == "too_large"
