"""An administrator tries another tool's files in the browser, wide and on a phone, in the dark and in German."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
FILES = Path(__file__).parents[2] / "collector/exchange/tools/files/delighted"
NAMES = ("responses.csv", "people.json", "unsubscribes.json")
Visit = Callable[..., Page]


@pytest.mark.parametrize("width", [1280, 360])
def test_a_trial_is_read_wide_and_on_a_phone(
    visit: Visit,
    dashboard: Any,
    violations: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], None],
    width: int,
) -> None:
    page = visit("/", viewport={"width": width, "height": 800}, color_scheme="dark", locale="de-DE")
    page.goto(dashboard.url + "/imports")
    assert violations(page) == []
    page.select_option("#tool", "delighted")
    page.select_option("#touchpoint", "installed")
    page.set_input_files("#files", [FILES / name for name in NAMES])
    page.locator("button[value=try]").click()
    expect(page.locator("#report")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Friendly, and quick to answer")).to_be_visible()
    expect(page.get_by_text("delighted-nps").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    shoot(page, f"moving-in-{width}-dark-de")
