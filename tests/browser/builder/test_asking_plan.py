"""The asking plan of a journey in the browser: by keyboard, in German, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import served
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


SCREENSHOTS = Path(__file__).parents[1] / "screenshots" / "last"
VISIT = {
    "key": "visit-csat",
    "template": "csat",
    "subject": "Example Telecom",
    "touchpoint": "installed",
    "journey": "first-order",
}


@pytest.fixture
def two_ask(signed_in: Page, call: Callable[..., Any]) -> Page:
    """A journey of two touchpoints that ask, and twelve ways that came to the first."""
    call("POST", "/api/v1/surveys/apply", {"surveys": [{**VISIT, "subject": "our visit"}]}, "admin_key")
    triggers = [
        {
            "touchpoint": "order-confirmed",
            "journey": "first-order",
            "customer": f"c-{n}",
            "transaction": f"o-{n}",
        }
        for n in range(12)
    ]
    call("POST", "/api/v1/triggers", {"triggers": triggers}, "server_key")
    return signed_in


@pytest.mark.parametrize("width", [360, 1280])
def test_a_share_is_set_by_keyboard(
    two_ask: Page, collector: served.Collector, violations: Any, width: int
) -> None:
    page = two_ask
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{collector.url}/journeys/first-order/edit/asking?lang=de")
    first, second = page.locator("#shares tbody tr").all()
    expect(first).to_contain_text("12 Wege kamen hierher")
    page.get_by_role("button", name="Gleiche Anteile").press("Enter")
    expect(first.locator("[data-share]")).to_have_text(re.compile(r"^50\s?%$"))
    before = first.locator("[data-answers]").inner_text()
    first.get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(first.get_by_role("spinbutton")).to_have_value("100")
    expect(first.locator("[data-share]")).to_have_text(re.compile(r"^67\s?%$"))
    expect(first.locator("[data-answers]")).not_to_have_text(before)
    second.get_by_role("spinbutton").fill("0")
    expect(second.locator("[data-until='30']")).to_have_text("–")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"asking-plan-{width}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Speichern").press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("#shares tbody tr").first.locator("[data-share]")).to_have_text(
        re.compile(r"^100\s?%$")
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_every_decision_fits_on_a_phone(
    two_ask: Page, collector: served.Collector, violations: Any, width: int
) -> None:
    page = two_ask
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{collector.url}/why?lang=de")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_only_the_end_asks_at_one_choice(two_ask: Page, collector: served.Collector) -> None:
    page = two_ask
    page.goto(f"{collector.url}/journeys/first-order/edit/asking")
    page.get_by_role("radio", name="Only at the end").check()
    shares = page.locator("#shares [data-share]")
    expect(shares.last).to_have_text(re.compile(r"^100\s?%$"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("radio", name="Only at the end")).to_be_checked()
    expect(shares.first).to_have_text(re.compile(r"^0\s?%$"))
