"""Answers out as CSV and JSON Lines: whole, in order, safe to open in a spreadsheet, and good to bring back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import clock, db, journeys, workspaces
from collector.exchange import console, writing
from collector.exchange.reading import Source, restored, rows

HEADER = "id,place,score,text,at\n"
TEXTS = [
    "Calm",
    "=1+1",
    "+1 for the tea",
    "-20 minutes",
    "@ward 7",
    "'quoted'",
    "'=odd",
    'said "well", left',
    "schön\nund still",
]
BACK = """\
name: back
metric: csat
file: {neutralised: true}
id: response_id
touchpoint: {column: touchpoint}
score: {column: score}
comment: {column: comment}
occurred_at: {column: occurred_at}
locale: {column: locale}
"""


@pytest.fixture
def answered(import_text: Callable[..., Any]) -> None:
    """Nine answers with words that a spreadsheet might take for formulas."""
    file = io.StringIO()
    csv.writer(file).writerows(
        [n, "ward", 1 + n % 5, text, f"2026-10-{n + 1:02}"] for n, text in enumerate(TEXTS)
    )
    assert import_text(HEADER + file.getvalue()).code == 0


@pytest.fixture
def export(engine: Engine, clinic: Any, tmp_path: Path) -> Callable[..., Path]:
    workspace_id = clinic.workspace_id

    def run(name: str, **options: Any) -> Path:
        code = console.export_file(db.make_sessions(engine), workspace_id, str(tmp_path / name), **options)
        assert code == 0
        return tmp_path / name

    return run


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(("language", "delimiter"), [("de", ";"), ("de-AT", ";"), ("fr", ";"), ("en", ",")])
def test_excel_opens_it_by_a_double_click(export: Callable[..., Path], language: str, delimiter: str) -> None:
    """It takes the mark at the start for UTF-8, and the delimiter that its country's decimal mark leaves over."""
    path = export("out.csv", excel=language)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfresponse_id" + delimiter.encode())
    found = list(rows(path, Source(delimiter=delimiter, neutralised=True)))
    assert [row.columns["comment"] for row in found] == TEXTS
    assert {row.broken for row in found} == {None}


def test_decimals_are_those_of_the_country() -> None:
    for language, text in (("de", "r;0,5\r\n"), ("en", "r,0.5\r\n")):
        file = io.StringIO(newline="")
        writing.table(file, "csv", ("key", "value"), writing.excel(language))(("r", 0.5))
        assert file.getvalue().endswith(text)


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("name", ["out.csv", "out.jsonl"])
def test_what_goes_out_comes_back_the_same(
    export: Callable[..., Path],
    name: str,
    session: Session,
    engine: Engine,
    tmp_path: Path,
    time: clock.FixedClock,
) -> None:
    path = export(name)
    other = workspaces.create(session, "Elsewhere", time())
    ward = {"touchpoints": [{"key": "ward", "name": "Ward", "channel": "in_person"}]}
    journeys.apply(session, other.workspace_id, ward, "test", time())
    session.commit()
    mapping = tmp_path / "back.yaml"
    mapping.write_text(BACK)
    sessions = db.make_sessions(engine)
    assert (
        console.Import(out=io.StringIO()).run(
            sessions, console.responses(other.workspace_id, path, mapping, time())
        )
        == 0
    )
    out = io.StringIO()
    list(writing.export_responses(session, other.workspace_id, out, "jsonl"))
    back = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [row["comment"] for row in back] == TEXTS
    assert [row["score"] for row in back] == [1 + n % 5 for n in range(len(TEXTS))]
    assert [row["occurred_at"] for row in back] == [
        f"2026-10-{n + 1:02}T12:00:00Z" for n in range(len(TEXTS))
    ]


@pytest.mark.usefixtures("answered")
def test_no_cell_of_a_csv_is_a_formula(export: Callable[..., Path]) -> None:
    with export("out.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.usefixtures("answered")
def test_a_period_is_cut_out_and_the_same_export_is_the_same_file(export: Callable[..., Path]) -> None:
    days = {"since": datetime(2026, 10, 2, tzinfo=UTC), "until": datetime(2026, 10, 4, tzinfo=UTC)}
    lines = export("out.jsonl", **days).read_text().splitlines()
    assert [json.loads(line)["comment"] for line in lines] == TEXTS[1:3]
    assert export("again.jsonl", **days).read_text().splitlines() == lines


def test_more_than_one_chunk_goes_out_whole(
    export: Callable[..., Path], import_text: Callable[..., Any]
) -> None:
    count = 2 * writing.CHUNK + 1
    assert import_text(HEADER + "".join(f"{n},ward,4,,2026-10-01\n" for n in range(count))).code == 0
    lines = export("out.jsonl").read_text().splitlines()
    assert len({json.loads(line)["response_id"] for line in lines}) == len(lines) == count


@pytest.mark.usefixtures("clinic")
def test_an_empty_workspace_gives_a_header_and_nothing_else(export: Callable[..., Path]) -> None:
    assert export("out.csv").read_text() == ",".join(writing.COLUMNS) + "\n"


@pytest.mark.usefixtures("answered")
def test_a_folder_that_is_not_there_leaves_no_half_file(engine: Engine, clinic: Any, tmp_path: Path) -> None:
    err = io.StringIO()
    target = str(tmp_path / "nowhere" / "out.csv")
    assert console.export_file(db.make_sessions(engine), clinic.workspace_id, target, err=err) == 1
    assert "No such file or directory" in err.getvalue()
    assert not list(tmp_path.glob("**/*.part"))


@settings(deadline=None)
@given(st.text(max_size=30))
def test_neutralising_can_be_taken_back(text: str) -> None:
    safe = writing.neutralised(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restored(safe) == text


def test_reading_restores_only_when_the_mapping_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a\n'=1\n")
    assert [row.columns["a"] for row in rows(path, Source())] == ["'=1"]
    assert [row.columns["a"] for row in rows(path, Source(neutralised=True))] == ["=1"]
