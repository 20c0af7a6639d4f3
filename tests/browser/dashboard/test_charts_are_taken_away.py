"""Charts leave as SVG, PNG and CSV, and stand beside a table of the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def save(page: Page, kind: str) -> Path:
    with page.expect_download() as download:
        page.locator(f'[data-save="installed-trend"] [data-as="{kind}"]').click()
    assert download.value.suggested_filename == f"installed-trend.{kind}"
    return download.value.path()


def test_the_drawing_is_saved_with_its_styles(visit: Visit) -> None:
    root = ElementTree.fromstring(save(visit("/touchpoints/installed"), "svg").read_text("utf-8"))
    assert float(root.attrib["width"]) > 300
    assert "--measured" in "".join(each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}style"))


def test_the_picture_is_a_picture(visit: Visit) -> None:
    data = save(visit("/touchpoints/installed"), "png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) > 5000


def test_the_numbers_are_a_table_that_no_spreadsheet_runs(visit: Visit) -> None:
    page = visit("/touchpoints/installed")
    page.evaluate("document.querySelector('[data-save=installed-trend] tbody th').textContent = '=1+1'")
    rows = save(page, "csv").read_text("utf-8-sig").splitlines()
    assert rows[0] == '"Days","Score","95% interval","n","Control limits"'
    assert rows[1].startswith('"\'=1+1"')
    assert '"-' in rows[2]


def test_the_table_holds_what_the_drawing_shows(visit: Visit) -> None:
    page = visit("/touchpoints/installed")
    marks = page.locator('[data-part="trend"] circle.dot').count()
    assert page.locator("#table-installed-trend tbody tr").count() == marks
