"""The dashboard's main job: sign in, see where customers suffer and who must act, read why, pass it on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SIZES = [(1280, 800), (768, 1024), (360, 740)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_worst_handover_is_found_explained_and_shared(
    visit: Visit, browser: Browser, size: tuple[int, int], scheme: str, shoot: Callable[[Page, str], None]
) -> None:
    page = visit("/", viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page.get_by_role("link", name="First order").first.click()
    verdict = page.get_by_role("region", name="In one sentence")
    expect(verdict).to_contain_text("the one from Sales to Operations falls most")
    expect(verdict).to_contain_text("It is for Operations to act")
    shoot(page, f"journey-{size[0]}-{scheme}")
    verdict.get_by_role("link", name="The technician comes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Technician's visit")
    expect(page.get_by_text("Nobody came on the first day").first).to_be_visible()
    shoot(page, f"touchpoint-{size[0]}-{scheme}")
    page.go_back()
    page.get_by_text("Share and more").click()
    page.get_by_role("link", name="Share a read-only view").click()
    page.get_by_role("button", name="Make a link").click()
    address = page.locator("#address").input_value()
    with browser.new_context() as context:
        stranger = context.new_page()
        stranger.goto(re.sub(r"http://[^/]+", page.url.split("/journeys")[0], address))
        expect(stranger.get_by_role("region", name="In one sentence")).to_contain_text(
            "from Sales to Operations"
        )
        expect(stranger.get_by_text("Nobody came on the first day")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_what_customers_do_is_one_click_from_what_they_say(
    visit: Visit, size: tuple[int, int], shoot: Callable[[Page, str], None]
) -> None:
    page = visit("/journeys/first-order?days=90", viewport={"width": size[0], "height": size[1]})
    page.get_by_role("link", name="What customers do").click()
    verdict = page.get_by_role("region", name="In one sentence")
    expect(verdict).to_contain_text("27 of 100 customers left before “I read my first bill”")
    expect(verdict).to_contain_text("After which step most leave is not certain.")
    visits = page.get_by_role("row", name="The technician comes")
    expect(visits).to_contain_text("100")
    expect(page.get_by_text("4 customers took other ways.")).to_be_visible()
    shoot(page, f"paths-{size[0]}-light")
    page.get_by_role("link", name="What customers say").click()
    expect(page.get_by_role("heading", level=2, name="Handovers")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_no_page_is_wider_than_the_screen(visit: Visit, dashboard: Any, size: tuple[int, int]) -> None:
    page = visit("/", viewport={"width": size[0], "height": size[1]})
    for path in PAGES:
        page.goto(dashboard.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_keyboard_alone_is_enough(visit: Visit, dashboard: Any) -> None:
    page = visit("/journeys")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="First order").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/journeys/first-order*")
    page.locator("#more > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Edit: First order")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Share a read-only view")
    page.locator("#map").focus()
    expect(page.locator(":focus")).to_have_attribute("aria-label", "Journey map")


def test_everything_is_there_without_script(browser: Browser, dashboard: Any) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{dashboard.url}/sign-in?next=/journeys/first-order")
        page.fill("#email", dashboard.seed.EMAIL)
        page.fill("#password", dashboard.seed.PASSWORD)
        page.click("form button")
        expect(page.get_by_role("region", name="In one sentence")).to_contain_text("Sales to Operations")
        expect(page.locator(".map .curve .dot").first).to_be_visible()
        expect(page.get_by_role("button", name="SVG")).to_have_count(0)


PAGES = (
    "/journeys",
    "/journeys/first-order",
    "/journeys/first-order/paths",
    "/journeys/first-order/share",
    "/wall/first-order",
    "/touchpoints",
    "/touchpoints/installed",
    "/touchpoints/advert",
    "/owners",
    "/owners/operations",
    "/owners/billing",
    "/unassigned",
    "/definitions",
    "/dashlets/installed",
    "/nowhere",
)


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1280, "light", "en"), (1280, "dark", "de"), (360, "light", "de"), (360, "dark", "en")],
)
def test_axe_finds_nothing_on_any_page(
    visit: Visit,
    dashboard: Any,
    violations: Callable[[Page], list[str]],
    width: int,
    scheme: str,
    language: str,
) -> None:
    page = visit("/", viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = {}
    for path in PAGES:
        page.goto(f"{dashboard.url}{path}?lang={language}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        if problems := violations(page):
            found[path] = problems
    assert found == {}


def test_axe_finds_nothing_on_the_sign_in_page(
    browser: Browser, dashboard: Any, violations: Callable[[Page], list[str]]
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{dashboard.url}/sign-in")
        assert violations(page) == []
        page.fill("#email", "nobody@example.com")
        page.fill("#password", "wrong")
        page.press("#password", "Enter")
        expect(page.get_by_role("alert")).to_contain_text("The address or the password is wrong")
        assert violations(page) == []
