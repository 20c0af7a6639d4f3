"""Live pages: new answers appear by themselves, nothing the reader holds is lost, and a lost connection is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SOON = 15_000


def test_an_answer_appears_without_a_reload(visit: Visit, dashboard: Any) -> None:
    page = visit("/journeys/first-order")
    expect(page.locator("#live")).to_have_text("Live", timeout=SOON)
    page.evaluate("window.stays = true")
    dashboard.answer("installed", 9, "Came early, and swept the floor.")
    expect(page.get_by_text("Came early, and swept the floor.", exact=True)).to_be_visible(timeout=SOON)
    assert page.evaluate("window.stays")


def test_focus_and_opened_details_survive_a_swap(visit: Visit, dashboard: Any) -> None:
    page = visit("/journeys/first-order")
    expect(page.locator("#live")).to_have_text("Live", timeout=SOON)
    table = page.locator("#table-first-order-curve")
    table.locator("summary").click()
    page.locator('.map a[href^="/touchpoints/hotline"]').focus()
    before = page.locator('[data-part="facts"]').inner_text()
    dashboard.answer("hotline", 10, "Friendly.")
    expect(page.locator('[data-part="facts"]')).not_to_have_text(before, timeout=SOON)
    expect(page.get_by_text("Friendly.", exact=True)).to_be_visible(timeout=SOON)
    expect(table).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("/touchpoints/hotline")


def test_a_lost_connection_is_said_and_found_again(visit: Visit, dashboard: Any) -> None:
    page = visit("/journeys/first-order")
    expect(page.locator("#live")).to_have_text("Live", timeout=SOON)
    page.context.set_offline(True)
    expect(page.locator("#live")).to_have_text("Connection lost. Trying again …", timeout=40_000)
    page.context.set_offline(False)
    expect(page.locator("#live")).to_have_text("Live", timeout=40_000)
