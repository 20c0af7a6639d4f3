"""From what a page states to an insight, its action and its end: by keyboard, on a laptop and a phone, dark and German."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
PHONE = {"width": 360, "height": 740}


def _press(page: Page, name: str, key: str = "Enter") -> None:
    """Press a button as somebody without a mouse does."""
    button = page.get_by_role("button", name=name, exact=True).first
    button.focus()
    button.press(key)


def test_req_112_a_statement_becomes_an_insight_and_is_seen_through(
    visit: Visit, violations: Callable[[Page], list[str]], shoot: Callable[[Page, str], None]
) -> None:
    page = visit("/journeys/first-order")
    make = page.locator('[data-part="verdict"] form.act button').first
    make.focus()
    make.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Customers lose from")
    address = page.url
    expect(page.locator('[data-part="evidence"]')).to_contain_text("the score falls by")
    expect(page.locator('[data-part="evidence"]')).to_contain_text(
        "answers in 30 days, had everybody been asked, ×"
    )
    _press(page, "Accept")
    _press(page, "Begin work")
    page.get_by_label("What is done").fill("Two more vans on Mondays")
    page.get_by_label("Until").fill("2026-10-30")
    _press(page, "Plan it")
    expect(page.locator('[data-part="actions"]')).to_contain_text("overdue")
    page.get_by_label("Say something").fill("The depot agrees.")
    _press(page, "Say it")
    assert violations(page) == []
    shoot(page, "insight-1280-light")
    page.goto(address.split("/insights/")[0] + "/desk")
    expect(page.locator('[data-part="todo"]')).to_contain_text("Two more vans on Mondays")
    assert violations(page) == []
    page.goto(address.split("/insights/")[0] + "/insights")
    expect(page.locator('[data-part="board"]')).to_contain_text("1 action overdue")
    assert violations(page) == []
    shoot(page, "insights-1280-light")
    page.goto(address.split("/insights/")[0] + "/journeys/first-order")
    assert page.locator('#map a[href^="/insights?touchpoint="]').first.inner_text() == "1 open"
    page.goto(address)
    page.locator("summary", has_text="End it").press("Enter")
    page.get_by_label("What came of it").fill("It helped")
    page.locator('form[action*="/actions/"]').get_by_role("button", name="Mark as done").press("Enter")
    expect(page.locator('[data-part="actions"]')).to_contain_text("It helped")
    page.locator('[data-part="state"]').get_by_role("button", name="Mark as done").press("Enter")
    expect(page.locator("#state-title")).to_contain_text("done")


def test_a_comment_becomes_an_insight_in_one_click(visit: Visit) -> None:
    page = visit("/touchpoints/installed")
    page.locator(".voices form.act button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("An unhappy customer at")
    expect(page.locator('[data-part="evidence"] .voice__text')).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/insights", "/insights/new?touchpoint=installed", "/desk"])
def test_the_pages_fit_a_phone_in_german(
    visit: Visit,
    violations: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], None],
    path: str,
    scheme: str,
) -> None:
    page = visit("/", viewport=PHONE, color_scheme=scheme)
    page.goto(page.url.split("/journeys")[0] + path + ("&" if "?" in path else "?") + "lang=de")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert violations(page) == []
    if scheme == "dark" and "?" not in path:
        shoot(page, f"{path.strip('/')}-360-dark-de")
