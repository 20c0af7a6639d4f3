"""Every core demand has a test named after it, and the page that lists them is true."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from flask import Flask
from requirements_page import page, rows, rows_tested
from werkzeug.exceptions import HTTPException

from collector.cli import main
from collector.instruments import files


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


ADDRESS = re.compile(r"(?:(GET|POST|PUT|PATCH|DELETE) )?(?<![\w>}./])(/[\w./<>{}-]+)")

AN_ID = "018f0000-0000-7000-8000-000000000000"


def test_what_shows_a_demand_is_there(shown_app: Flask, root: Path) -> None:
    routes, missing, seen = shown_app.url_map.bind("localhost"), [], 0
    for row in rows():
        for method, path in ADDRESS.findall(row["see"]):
            seen += 1
            try:
                routes.match(
                    re.sub(r"[<{]\w+[>}]", "1", re.sub("[<{]id[>}]", AN_ID, path)), method=method or "GET"
                )
            except HTTPException:
                missing.append((row["row"], path))
        for words in re.findall(r"afterword ([a-z ]+[a-z])", row["see"]):
            if not _is_command(words.split()):
                missing.append((row["row"], words))
        for name in re.findall(r"template (\w+)", row["see"]):
            assert files.template(name)
        for path in re.findall(r"(?:docs|tests|collector)/[\w./-]+\.\w+", row["see"]):
            assert (root / path).exists(), path
    assert missing == [], missing
    assert seen > 80


def test_each_demand_can_be_opened_called_or_typed() -> None:
    closed = [row for row in rows() if not re.search(rf"{ADDRESS.pattern}|afterword [a-z]", row["see"])]
    assert closed == []


def _is_command(words: list[str]) -> bool:
    found: click.Command = main
    while words and isinstance(found, click.Group):
        if words[0] not in found.commands:
            return False
        found = found.commands[words.pop(0)]
    return not words


# What a company brings in, takes out and connects.
CONNECTED = (34, 37, 38, 41, 66, 72, 92, 116, 122, 124, 130, 131)


@pytest.mark.parametrize("number", CONNECTED)
def test_a_demand_of_a_connected_company_has_a_row_and_a_test(number: int) -> None:
    assert number in {row["row"] for row in rows()}
    assert rows_tested()[number]
