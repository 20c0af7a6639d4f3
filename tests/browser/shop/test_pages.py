"""The shop's pages for everybody: on a phone, by keyboard, without a script, with a screen reader."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
VIOLATIONS = """axe.run(document, {resultTypes: ['violations']})
    .then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`))"""


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_every_page_fits_and_has_no_barrier(
    visit: Callable[..., Page], axe: str, shot: Callable[[Page, str], None], width: int
) -> None:
    page = visit(viewport={"width": width, "height": 800})
    _look(page, axe, shot, f"tariffs-{width}")
    page.get_by_role("link", name="Choose Fibre M").click()
    _look(page, axe, shot, f"details-{width}")
    page.get_by_role("button", name="Go to checkout").click()
    _look(page, axe, shot, f"checkout-{width}")
    page.get_by_role("button", name="Order Fibre M").click()
    expect(page.locator("afterword-survey").get_by_role("radio")).to_have_count(5)
    _look(page, axe, shot, f"confirmation-{width}")
    page.get_by_text("What just happened?").click()
    _look(page, axe, shot, f"backstage-{width}")
    page.get_by_role("link", name="its decision").click()
    _look(page, axe, shot, f"decision-{width}")


def test_an_order_can_be_placed_with_the_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_role("link", name="Choose Fibre M").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Order Fibre M").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you, Mara")


def test_without_a_script_the_order_goes_through_and_the_question_is_a_link(
    visit: Callable[..., Page],
) -> None:
    page = visit(java_script_enabled=False)
    page.get_by_role("link", name="Choose Fibre S").click()
    page.get_by_role("button", name="Go to checkout").click()
    page.get_by_role("button", name="Order Fibre S").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    page.locator("noscript a").click()
    expect(page.locator("body")).to_contain_text("How satisfied were you")


def test_what_is_missing_is_said_beside_its_field(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_role("link", name="Choose Fibre L").click()
    page.get_by_label("E-mail").fill("mara@example")
    page.get_by_role("button", name="Go to checkout").click()
    expect(page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("This does not look like an e-mail address.")).to_be_visible()


def _look(page: Page, axe: str, shot: Callable[[Page, str], None], name: str) -> None:
    page.wait_for_load_state()  # before its style sheet, a page has any width
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth"), name
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == [], name
    if not name.startswith(("details", "backstage")) and not name.endswith("-320"):
        shot(page, name)
