"""Every core demand has a test named after it, and the page that lists them is true."""

from __future__ import annotations

from pathlib import Path

from requirements_page import page, rows, rows_tested


def test_every_core_demand_has_a_test() -> None:
    tests = rows_tested()
    assert [row["row"] for row in rows() if row["class"] == "C" and row["row"] not in tests] == []


def test_every_demand_is_written_whole() -> None:
    assert [row for row in rows() if set(row) != {"row", "class", "demand", "see"}] == []


def test_every_tested_demand_is_listed() -> None:
    assert set(rows_tested()) - {row["row"] for row in rows()} == set()


def test_the_page_lists_what_there_is(root: Path) -> None:
    shown = (root / "docs/reference/requirements.md").read_text("utf-8")
    assert shown == page(), "make openapi writes the page anew"
