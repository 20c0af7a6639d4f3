"""Files tell one story and fit in the head: no file is long, tests neither, and few functions are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE = 300
P90_OF_FUNCTIONS = 16


CODE = ("collector", "sdk_python/afterword", "survey_templates")


def _sources(root: Path, *folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (root / folder).rglob("*.py") if "versions" not in path.parts)


def test_no_file_is_longer_than_a_story(root: Path) -> None:
    lengths = {
        str(path.relative_to(root)): len(path.read_text("utf-8").splitlines())
        for path in _sources(root, *CODE, "tests")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_nine_functions_of_ten_are_short(root: Path) -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for path in _sources(root, *CODE)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[len(lengths) * 9 // 10] <= P90_OF_FUNCTIONS
