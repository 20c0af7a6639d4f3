"""The pages of messages (webhooks, the digest): no accessibility violation, no wider than the screen, and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_a_webhook_is_made_and_tried_by_keyboard(
    visit: Visit, workshop: Any, violations: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    page = visit("/webhooks", viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.locator("#name").focus()
    page.keyboard.type("Tickets")
    page.keyboard.press("Tab")
    page.keyboard.type("https://93.184.216.34/hooks/afterword")
    page.locator("input[value='action.changed']").focus()
    page.keyboard.press("Space")
    assert violations(page) == []
    page.locator("#name").press("Enter")
    expect(page.locator("#secret")).to_have_value(re.compile("^whsec_"))
    assert violations(page) == []
    page.get_by_role("button", name="Send a test").press("Enter")
    expect(page.get_by_text("webhook.test", exact=True)).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for path in ("/webhooks?lang=de", "/me/digest?lang=de"):
        page.goto(workshop.url + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
