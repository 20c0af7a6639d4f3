"""The contact policy as sentences: German, by keyboard, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LAST = Path(__file__).parents[1] / "screenshots" / "last"


@pytest.mark.parametrize("width", [1280, 360])
def test_a_wait_is_changed_in_its_sentence(
    visit: Callable[..., Page], violations: Callable[[Page], list[str]], width: int
) -> None:
    page = visit("/policy", locale="de-DE", viewport={"width": width, "height": 800})
    sentence = page.locator("p", has_text="Nach einer Antwort einen Kunden")
    field = sentence.get_by_label("Tage nach einer Antwort")
    expect(field).to_have_value("30")
    field.focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="An 90 Tagen").press("Enter")
    expect(page.locator("#trial")).to_be_visible()
    expect(field).to_have_value("31")
    LAST.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=LAST / f"policy-{width}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Speichern").press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_role("link", name="Als YAML").press("Enter")
    expect(page.locator("#document")).to_have_value("all_surveys:\n  after_answer: 31\n")
    assert violations(page) == []
