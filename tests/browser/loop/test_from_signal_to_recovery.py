"""From the mail that tells of a fall to the page that says "Recovered", with the keyboard alone, on a laptop and a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from collector.demo import seed

pytestmark = pytest.mark.browser
FURTHEST = 80
"""So many times somebody presses Tab before they give up."""


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until the keyboard is where it is wanted."""
    expect(wanted).to_be_visible()
    for _ in range(FURTHEST):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Page, wanted: Locator) -> None:
    reach(page, wanted)
    page.keyboard.press("Enter")


def write(page: Page, wanted: Locator, text: str) -> None:
    reach(page, wanted)
    page.keyboard.type(text)


def sign_in(page: Page) -> None:
    """As somebody does whom a link leads to the sign-in first."""
    write(page, page.get_by_label("E-mail address"), seed.EMAIL)
    write(page, page.get_by_label("Password"), seed.PASSWORD)
    page.keyboard.press("Enter")


def is_in_order(page: Page, violations: Callable[[Page], list[str]]) -> None:
    """Nothing for axe-core to find and nothing wider than the screen, on a laptop and a phone."""
    size = page.viewport_size
    assert size is not None
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(size)


def test_req_138_a_fall_is_told_acted_upon_and_seen_to_recover(
    tarnwick: Any,
    mailbox: Any,
    visit: Callable[..., Page],
    violations: Callable[[Page], list[str]],
) -> None:
    tarnwick.answer(days=10, a_day=4, scores=(1, 1, 2, 5))
    told = [mail.get_body(("plain",)).get_content() for mail in mailbox.mails]
    (link,) = {found for text in told for found in re.findall(r"/signals/[0-9a-f-]{36}", text)}
    page = visit(link, viewport={"width": 1280, "height": 800})
    is_in_order(page, violations)
    sign_in(page)
    expect(page.locator(".head")).to_contain_text(
        "Unhappy answers at “I choose my new tariff” have risen from 25 %"
    )
    is_in_order(page, violations)
    press(page, page.get_by_role("button", name="Make it an insight"))
    expect(page.locator('[data-part="evidence"]')).to_contain_text("below the days before")
    is_in_order(page, violations)
    page.set_viewport_size({"width": 360, "height": 800})
    press(page, page.get_by_role("button", name="Accept"))
    press(page, page.get_by_role("button", name="Begin work"))
    write(page, page.get_by_label("What is done"), "Take the update back")
    write(page, page.get_by_label("Until"), f"{tarnwick.time():%m%d%Y}")
    press(page, page.get_by_role("button", name="Plan it"))
    actions = page.locator('[data-part="actions"]')
    expect(actions).to_contain_text("Take the update back")
    is_in_order(page, violations)
    press(page, actions.locator("summary", has_text="End it"))
    write(page, page.get_by_label("What came of it"), "The old version is out again")
    press(page, actions.get_by_role("button", name="Mark as done"))
    expect(actions).to_contain_text("The old version is out again")
    press(page, page.locator('[data-part="state"]').get_by_role("button", name="Mark as done"))
    helped = page.locator('[data-part="recovery"]')
    expect(helped).to_contain_text("0 answers since it was done")
    is_in_order(page, violations)
    tarnwick.answer(days=10, a_day=5, scores=(5, 5, 4, 2))
    page.reload()
    sign_in(page)
    expect(helped).to_contain_text("Recovered:")
    expect(helped).to_contain_text("95% interval")
    is_in_order(page, violations)
    page.goto(tarnwick.url + link)
    expect(page.locator('[data-part="state"]')).to_contain_text("Over since")
    is_in_order(page, violations)
