"""Outcomes and KPI values from spreadsheets' files, as people have them; the same file again changes nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from collector import clock
from collector.exchange import console
from collector.outcomes.models import KpiValue, Outcome

EXCEL = (
    "sep=;\r\nkey;kind;customer;value;currency;occurred_at;journey\r\n"
    "e-1;cost;c-1;12,30;EUR;03.11.2026;first-order\r\n"
    "e-2;churn;c-2;ja;;46327;\r\n"
    "e-3;cost;c-3;viel;EUR;03.11.2026;\r\n"
    "e-4;churn;c-4;nein;;2026-11-03T10:00:00Z;nowhere\r\n"
)


@pytest.fixture
def bring(session: Session, company: Any, time: clock.FixedClock, tmp_path: Path) -> Any:
    workspace_id = company.workspace_id
    sessions = sessionmaker(session.get_bind(), expire_on_commit=False)

    def call(
        kind: str, text: str, encoding: str = "utf-8", dry_run: bool = False
    ) -> tuple[int, dict[str, Any]]:
        path, out = tmp_path / "table.csv", io.StringIO()
        path.write_bytes(text.encode(encoding))
        session.rollback()
        source = console.figures(workspace_id, kind, path, time())
        code = console.Import(dry_run, as_json=True, out=out, err=io.StringIO()).run(sessions, source)
        return code, json.loads(out.getvalue())

    return call


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_from_excel_goes_in_and_what_does_not_fit_is_named(
    bring: Any, session: Session, encoding: str
) -> None:
    code, report = bring("outcomes", EXCEL, encoding)
    assert (code, report["taken"]) == (3, 2)
    assert {why: told["rows"] for why, told in report["refused"].items()} == {
        "value must be a number, true or false": [4],
        "journey there is no journey nowhere": [5],
    }
    rows = session.execute(
        select(Outcome.key, Outcome.amount, Outcome.unit, Outcome.occurred_at).order_by(Outcome.key)
    ).all()
    assert [(key, amount, unit, at.date().isoformat()) for key, amount, unit, at in rows] == [
        ("e-1", 123_000, "EUR", "2026-11-03"), ("e-2", 10_000, "", "2026-11-01"),
    ]  # fmt: skip


def test_the_same_file_again_changes_nothing_and_a_dry_run_neither(bring: Any, session: Session) -> None:
    assert bring("outcomes", EXCEL, dry_run=True)[1]["taken"] == 2
    assert session.scalars(select(Outcome.key)).all() == []
    bring("outcomes", EXCEL)
    assert bring("outcomes", EXCEL)[1] | {"refused": {}} == {
        "rows": 4, "taken": 0, "unchanged": 2, "dropped": 0, "refused": {},
    }  # fmt: skip


def test_kpi_values_and_benchmarks(bring: Any, session: Session) -> None:
    table = (
        "kpi,touchpoint,kind,from,to,value,n,unit,source,dated\n"
        "containment,installed,internal,01.10.2026,31.10.2026,41.5,1240,%,Chat,\n"
        "nps,,benchmark,2026-01-01,2026-06-30,12,,,Regulator,2026-08-01\n"
        "nps,,benchmark,2026-01-01,2026-06-30,12,,,,\n"
    )
    code, report = bring("kpi-values", table)
    assert (code, report["taken"], list(report["refused"].values())) == (3, 2, [{"count": 1, "rows": [4]}])
    assert session.execute(select(KpiValue.kpi, KpiValue.measured, KpiValue.n).order_by(KpiValue.kpi)).all() == [
        ("containment", 41.5, 1240), ("nps", 12, None),
    ]  # fmt: skip
