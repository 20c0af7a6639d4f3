"""Which sheet of a workbook is read: the first with a table, or the one that is named; by every import there is."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import workbook
import yaml
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from collector import clock, db
from collector.cli.data import import_
from collector.exchange import console, describing, tools
from collector.exchange.file_problem import FileProblem
from collector.invitations.models import Subject
from collector.outcomes import Outcome
from collector.responses import Response

HEAD = ["id", "submitdate", "NPS", "customer_id"]
MAPPING = """
name: answers
metric: nps
id: id
touchpoint: {constant: helpline}
score: {column: NPS}
occurred_at: {column: submitdate}
file: {sheet: March}
"""
Run = Callable[[console.Source], tuple[int, str]]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """An empty sheet, then two months."""
    months = {
        "March": [HEAD, ["1", date(2026, 3, 1), 3, "a"], ["2", date(2026, 3, 2), 3, "b"]],
        "April": [HEAD, ["3", date(2026, 4, 1), 10, "c"]],
    }
    return workbook.write(tmp_path / "months.xlsx", {"Cover": [], **months})


@pytest.fixture
def run(engine: Engine, session: Session) -> Run:
    def call(source: console.Source) -> tuple[int, str]:
        session.rollback()
        out, err = io.StringIO(), io.StringIO()
        code = console.Import(out=out, err=err).run(db.make_sessions(engine), source)
        return code, out.getvalue() + err.getvalue()

    return call


@pytest.mark.parametrize(
    ("sheet", "scores", "left"),
    [(None, [3, 3], "April"), ("March", [3, 3], "April"), ("April", [10], "March")],
)
def test_a_move_reads_the_sheet_that_is_named(
    clinic: Any, run: Run, book: Path, session: Session, time: clock.FixedClock, sheet: str | None, scores: Any, left: str
) -> None:  # fmt: skip
    choices = tools.Choices(touchpoint="helpline", sheet=sheet)
    code, said = run(console.moved(clinic.workspace_id, "limesurvey", [book], choices, time()))
    assert (code, session.scalars(select(Response.score)).all()) == (0, scores), said
    assert f"sheets that were not read: {left} (--sheet '{left}')" in said


def test_of_a_workbook_beside_a_csv_file_the_sheet_is_the_workbooks(
    clinic: Any, run: Run, book: Path, session: Session, time: clock.FixedClock
) -> None:
    table = book.with_name("more.csv")
    table.write_text("id,submitdate,NPS,customer_id\n9,2026-05-01,7,d\n")
    choices = tools.Choices(touchpoint="helpline", sheet="April")
    code, said = run(console.moved(clinic.workspace_id, "limesurvey", [book, table], choices, time()))
    assert (code, sorted(session.scalars(select(Response.score)).all())) == (0, [7, 10]), said
    code, said = run(console.moved(clinic.workspace_id, "limesurvey", [table], choices, time()))
    assert code == console.STOPPED
    assert "more.csv: only a workbook (.xlsx) has sheets" in said


def test_the_sheet_goes_before_the_one_of_the_mapping(
    clinic: Any, run: Run, book: Path, session: Session, time: clock.FixedClock, tmp_path: Path
) -> None:
    mapped = tmp_path / "answers.yaml"
    mapped.write_text(MAPPING)
    code, said = run(console.responses(clinic.workspace_id, book, mapped, time(), "April"))
    assert (code, session.scalars(select(Response.score)).all()) == (0, [10]), said
    run(console.responses(clinic.workspace_id, book, mapped, time()))
    assert sorted(session.scalars(select(Response.score)).all()) == [3, 3, 10]


def test_memory_and_outcomes_are_read_from_the_sheet_that_is_named(
    clinic: Any, run: Run, session: Session, time: clock.FixedClock, tmp_path: Path
) -> None:
    facts = [["kind", "customer"], ["opt_out", "c-1"]]
    left = [["key", "kind", "customer", "value"], ["crm-1", "churn", "c-1", "yes"]]
    book = workbook.write(tmp_path / "all.xlsx", {"Notes": [["read me"]], "People": facts, "Churn": left})
    code, said = run(console.remembered(clinic.workspace_id, book, time(), "People"))
    assert (code, len(session.scalars(select(Subject)).all())) == (0, 1), said
    code, said = run(console.figures(clinic.workspace_id, "outcomes", book, time(), "Churn"))
    assert (code, session.scalars(select(Outcome.key)).all()) == (0, ["crm-1"]), said
    code, said = run(console.remembered(clinic.workspace_id, book, time(), "Nope"))
    assert code == console.STOPPED
    assert "there is no sheet 'Nope'; there are Notes, People, Churn" in said


def test_a_description_is_of_the_sheet_that_is_named_and_names_the_others(book: Path) -> None:
    found = describing.describe(book, "April")
    assert yaml.safe_load(found.text)["file"] == {"sheet": "April"}
    assert any("March" in remark and "--sheet" in remark for remark in found.remarks)
    table = book.with_suffix(".csv")
    table.write_text("id,NPS\n1,2\n")
    with pytest.raises(FileProblem) as refused:
        describing.describe(table, "April")
    assert refused.value.code == "no_sheets"


@pytest.mark.parametrize("command", ["responses", "describe", "memory", "outcomes", "kpi-values", "from"])
def test_every_import_has_the_option(command: str) -> None:
    options = {option for each in import_.commands[command].params for option in each.opts}
    assert "--sheet" in options


def test_the_command_line_describes_the_sheet_that_is_named(book: Path) -> None:
    said = CliRunner().invoke(import_, ["describe", str(book), "--sheet", "April"])
    assert (said.exit_code, "sheet: April" in said.output) == (0, True)
