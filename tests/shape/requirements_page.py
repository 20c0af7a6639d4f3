"""Writes ``docs/reference/requirements.md`` from ``requirements.yaml`` and the tests' own names (part of ``make openapi``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
HEAD = """# Requirements, their tests and their pages

The rows are those of the customer's documents. Class C is the core, c a small slice of a wider demand, W the wider one.
A test named `test_req_NNN_...` shows row NNN; `make openapi` writes this page.

| row | class | demand | where | tests |
|---|---|---|---|---|
"""


def rows() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((REFERENCE / "requirements.yaml").read_text("utf-8"))
    return loaded


def rows_tested() -> dict[int, set[str]]:
    """row -> names of the tests that show it."""
    found: dict[int, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name in re.findall(r"def (test_req_\d{3}\w*)", path.read_text("utf-8")):
            found.setdefault(int(name[9:12]), set()).add(name)
    return found


def page() -> str:
    tests = rows_tested()
    lines = []
    for row in rows():
        named = "<br>".join(f"`{name}`" for name in sorted(tests.get(row["row"], ())))
        lines.append(f"| {row['row']:03} | {row['class']} | {row['demand']} | {row['see']} | {named} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    (REFERENCE / "requirements.md").write_text(page(), "utf-8")
