"""The main job in a real browser: buy in the shop, answer with a comment, watch the dashboard change without a reload."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from served import AFTERWORD, free_port, wait_until_ready

from collector import clock
from collector.demo.folder import Folder
from collector.demo.run import prepare

COMMENT = "Ordered on the tram, done before my stop."
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(collector, shop): `afterword demo`, as its own process, over a smaller sample."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    prepare(Folder(folder), clock.system_clock, False, io.StringIO(), scale=0.05)
    port, shop_port = free_port(), free_port()
    command = [AFTERWORD, "demo", "--port", str(port), "--shop-port", str(shop_port), "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{shop_port}"
    finally:
        process.terminate()
        process.communicate(timeout=40)


def _sign_in(page: Page, collector: str) -> None:
    page.goto(f"{collector}/sign-in")
    page.fill("input[name=email]", "demo@tarnwick.example")
    page.fill("input[name=password]", "tarn-and-wick")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/journeys")


def _buy(page: Page, shop: str) -> None:
    page.goto(shop)
    page.get_by_role("link", name="Choose Fibre M").or_(
        page.get_by_role("button", name="Choose Fibre M")
    ).click()
    page.get_by_role("button", name="Go to checkout").click()
    page.get_by_role("button", name="Order Fibre M").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def _figure(page: Page) -> dict[str, Any]:
    """The satisfaction at the order confirmation, as the API tells it."""
    read = """async () => (await fetch("/api/v1/kpis?metric=csat&touchpoint=order-confirmed")).json()"""
    point: dict[str, Any] = page.evaluate(read)["series"][0]["points"][0]
    return point


def test_an_order_in_the_shop_changes_the_dashboard(demo: tuple[str, str], browser: Browser) -> None:
    collector, shop = demo
    manager, customer = browser.new_page(), browser.new_page()
    _sign_in(manager, collector)
    manager.goto(f"{collector}/journeys/first-order")
    before, dashlet = _figure(manager), manager.locator('.dashlet[href="/touchpoints/order-confirmed"]')
    expect(dashlet).to_contain_text(f"n {before['n']:,} ")
    expect(manager.get_by_text(COMMENT, exact=True)).to_have_count(0)

    _buy(customer, shop)
    survey = customer.locator("afterword-survey")
    survey.get_by_role("radio", name="Very satisfied").click()
    box = survey.get_by_role("textbox")
    box.fill(COMMENT)
    survey.get_by_role("button", name="Send").click()
    expect(survey.get_by_role("status")).to_contain_text("Thank you")

    manager.evaluate("window.notReloaded = true")
    expect(manager.get_by_text(COMMENT, exact=True)).to_be_visible(timeout=20_000)
    after = _figure(manager)
    # The score itself may stand at 100 already: the sample is made anew for each hour.
    assert (after["n"], after["counts"]["5"]) == (before["n"] + 1, before["counts"]["5"] + 1)
    expect(dashlet).to_contain_text(f"n {after['n']:,} ")
    expect(dashlet.locator(".score")).to_have_text(f"{after['score']:.0f} %")
    assert manager.evaluate("window.notReloaded") is True


def test_the_answer_is_in_the_figures_and_the_ledger(demo: tuple[str, str], browser: Browser) -> None:
    collector, shop = demo
    page = browser.new_page()
    _sign_in(page, collector)

    def best() -> int:
        return int(_figure(page)["counts"]["5"])

    before = best()
    customer = browser.new_page()
    _buy(customer, shop)
    customer.locator("afterword-survey").get_by_role("radio", name="Very satisfied").click()
    deadline = time.monotonic() + 15
    while best() == before and time.monotonic() < deadline:
        time.sleep(0.3)
    assert best() == before + 1
