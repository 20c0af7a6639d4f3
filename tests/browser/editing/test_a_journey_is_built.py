"""An administrator builds the first journey by keyboard alone, reorders it by keyboard and by drag, and shares it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def tab_to(page: Page, selector: str, limit: int = 120) -> None:
    """Reach a control with the Tab key alone."""
    for _ in range(limit):
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def press(page: Page, selector: str) -> None:
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


def test_the_keyboard_alone_builds_the_first_journey(visit: Visit, workshop: Any) -> None:
    page = visit("/setup")
    press(page, "a.button--main")
    write(page, "#name", "Sales")
    press(page, "main button.button--main")
    press(page, "a.button--main")
    write(page, "#name", "Order page")
    tab_to(page, "#lead")
    page.keyboard.press("S")
    press(page, "main button.button--main")
    press(page, "a.button--main")
    write(page, "#name", "First order")
    write(page, "#definition", "From the wish to the first call")
    write(page, "#customer_goal", "A working line")
    write(page, "#business_goal", "Activated contracts")
    write(page, "#phase", "Order")
    write(page, "[id='step.1']", "I look around")
    write(page, "[id='step.2']", "I order")
    tab_to(page, "[id='step_touchpoint.2']")
    page.keyboard.press("O")
    press(page, "main button.button--main")
    expect(page.locator("#new-step-order")).to_be_focused()
    page.keyboard.type("I wait")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    write(page, "#new-phase", "Use")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#new-step-use")).to_be_focused()
    page.keyboard.type("I call")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert workshop.order() == [("Order", ["I look around", "I order", "I wait"]), ("Use", ["I call"])]


def test_a_step_moves_by_keyboard_and_the_focus_goes_with_it(visit: Visit, workshop: Any) -> None:
    workshop.apply_example()
    page = visit("/journeys/first-order/edit")
    button = page.get_by_role("button", name="Move “The technician comes” up")
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move “The technician comes” up")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert workshop.order()[0] == ("Order", ["The technician comes", "I get my confirmation"])


def test_a_step_is_dragged_into_another_phase(visit: Visit, workshop: Any) -> None:
    workshop.apply_example()
    page = visit("/journeys/first-order/edit")
    target = page.locator("[data-step=confirmed]")
    with page.expect_navigation():
        page.locator("[data-step=bill]").drag_to(target, target_position={"x": 200, "y": 4})
    assert workshop.order()[0] == ("Order", ["I read my first bill", "I get my confirmation"])
    with page.expect_navigation():
        page.locator("[data-step=bill]").drag_to(page.locator("[data-phase=payment] .steps"))
    assert workshop.order()[2] == ("Payment", ["I read my first bill"])


def test_typed_words_are_not_lost_unasked(visit: Visit, workshop: Any) -> None:
    workshop.apply_example()
    page = visit("/journeys/first-order/edit/steps/visit")
    page.fill("#notes", "Rings twice")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="First order").click(no_wait_after=True)
    expect(page.locator("#notes")).to_have_value("Rings twice")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/edit?at=*")
    assert asked == ["beforeunload"]


def test_the_second_editor_sees_both_and_decides(
    visit: Visit, workshop: Any, violations: Callable[[Page], list[str]], shoot: Callable[[Page, str], None]
) -> None:
    workshop.apply_example()
    path = "/journeys/first-order/edit/steps/visit"
    ann, bob = visit(path, "ann"), visit(path, "bob")
    ann.fill("#name", "The engineer comes")
    ann.fill("#notes", "Rings twice")
    ann.get_by_role("button", name="Save").click()
    ann.wait_for_url("**/edit?at=*")
    bob.fill("#name", "Somebody comes")
    bob.get_by_label("Milestone").check()
    bob.get_by_role("button", name="Save").click()
    expect(bob.get_by_role("heading", level=1)).to_contain_text("Somebody changed this")
    assert violations(bob) == []
    shoot(bob, "conflict-1280")
    bob.set_viewport_size({"width": 360, "height": 740})
    shoot(bob, "conflict-360")
    bob.get_by_role("radio", name="You Somebody comes").check()
    bob.get_by_role("button", name="Save both changes").click()
    bob.wait_for_url("**/edit?at=*")
    expect(bob.locator("#edit-step-visit")).to_have_text("Somebody comes")
    bob.locator("#edit-step-visit").click()
    expect(bob.locator("#notes")).to_have_value("Rings twice")


def test_everything_works_without_script(browser: Browser, workshop: Any) -> None:
    workshop.apply_example()
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{workshop.url}/sign-in?next=/journeys/first-order/edit")
        page.fill("#email", "ann@example.com")
        page.fill("#password", "a long password")
        page.click("form button")
        page.get_by_role("button", name="Move “I read my first bill” up").click()
        expect(page.get_by_role("button", name="Move “I read my first bill” up")).to_be_focused()
        assert workshop.order()[1] == ("Installation", ["The technician comes", "I read my first bill"])
