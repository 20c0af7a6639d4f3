"""German, by keyboard alone: from an empty workspace to the first answer of a test order, one snippet pasted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LAST = Path(__file__).parents[1] / "screenshots" / "last"
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


def tab_to(page: Page, selector: str) -> None:
    """Reach a control with the Tab key alone."""
    for _ in range(150):
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def press(page: Page, selector: str) -> None:
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


@pytest.fixture
def look(violations: Callable[[Page], list[str]]) -> Look:
    """Nothing wrong by axe-core, nothing beyond the width, and a picture to look at."""

    def call(page: Page, name: str) -> None:
        width = page.viewport_size["width"] if page.viewport_size else 0
        LAST.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=LAST / f"first-answer-{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.lang") == "de", name
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    return call


def describe_a_journey(page: Page, look: Look) -> None:
    press(page, "a.button--main")
    write(page, "#name", "Vertrieb")
    press(page, "main button.button--main")
    press(page, "a.button--main")
    write(page, "#name", "Bestellseite")
    tab_to(page, "#lead")
    page.keyboard.press("V")
    press(page, "main button.button--main")
    press(page, "a.button--main")
    fields = {
        "name": "Erste Bestellung",
        "definition": "Vom Wunsch bis zum ersten Anruf",
        "phase": "Bestellen",
    }
    fields |= {"customer_goal": "Ein Anschluss", "business_goal": "Ein Vertrag"}
    for name in ("name", "definition", "customer_goal", "business_goal", "phase"):
        write(page, f"#{name}", fields[name])
    write(page, "[id='step.1']", "Ich suche aus")
    write(page, "[id='step.2']", "Ich bestelle")
    tab_to(page, "[id='step_touchpoint.2']")
    page.keyboard.press("B")
    press(page, "main button.button--main")
    look(page, "journey")


def publish_a_question(page: Page, look: Look) -> None:
    press(page, "nav a[href='/surveys']")
    tab_to(page, "#template")
    page.keyboard.type("Zufriedenheit")
    write(page, "#subject", "Ihrer Bestellung")
    press(page, "#new button.button--main")
    expect(page.locator(".sentence__said").first).to_be_attached()
    look(page, "survey")
    press(page, "button[value=published]")
    press(page, "a[href^='/connect']")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_first_answer(visit: Visit, look: Look, width: int) -> None:
    page = visit("/setup", locale="de-DE", viewport={"width": width, "height": 800})
    look(page, "empty")
    describe_a_journey(page, look)
    publish_a_question(page, look)
    expect(page.locator("[data-part=arrived]")).to_contain_text("Warten auf Ihren ersten Auslöser")
    press(page, "#make")
    look(page, "connect")
    snippet = page.locator("#snippet-curl").inner_text()
    done = subprocess.run(["bash", "-c", snippet], capture_output=True, text=True, check=True, timeout=30)
    assert '"reason":"invited"' in done.stdout.replace(" ", "")
    expect(page.locator("[data-headline]")).to_have_text("Gefragt, noch nicht beantwortet")
    tab_to(page, "a[id^=answer]")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    answer_as_a_customer(opened.value, look)
    expect(page.locator("[data-headline]")).to_have_text("Gefragt, beantwortet")
    expect(page.locator("[data-part=steps] .is-done")).to_have_count(
        5
    )  # a test order is no customer's answer
    expect(page.locator("#tried")).to_be_visible()
    look(page, "done")


def answer_as_a_customer(page: Page, look: Look) -> None:
    choice = page.locator(".choice:visible").first
    expect(choice).to_be_visible()
    look(page, "question")
    tab_to(page, "afterword-survey")
    page.keyboard.press("Space")
    send = page.get_by_role("button", name="Senden")
    expect(send).to_be_visible()
    thanks = page.get_by_text("Vielen Dank")
    for _ in range(20):  # a key that comes at once after a choice is taken for its echo, and ignored
        if thanks.count():
            break
        if send.evaluate("node => node.getRootNode().activeElement === node"):
            page.keyboard.press("Enter")
            page.wait_for_timeout(300)
        else:
            page.keyboard.press("Tab")
    expect(thanks.first).to_be_visible()
