"""One Chromium for each module of browser tests, and axe-core to look at its pages."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
AXE = ROOT / "widget/node_modules/axe-core/axe.min.js"
VIOLATIONS = """axe.run(document, {resultTypes: ['violations']})
    .then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`))"""

# What is true at once costs nothing, and on a machine that others use as well the rest may take long.
expect.set_options(timeout=30_000)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A fresh Chromium, closed at the module's end.

    Not for the whole session: while Playwright's synchronous side is open, its loop keeps every other test of the
    process from `asyncio.run`.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def signed_in_browser(browser: Browser) -> Callable[..., BrowserContext]:
    """``signed_in_browser(url, email, password, viewport=...)``: through the form the first time, then by its cookie."""
    kept: dict[tuple[str, str], Any] = {}

    def open_context(url: str, email: str, password: str, **settings: Any) -> BrowserContext:
        if (url, email) not in kept:
            with browser.new_context() as first:
                page = first.new_page()
                page.goto(f"{url}/sign-in")
                page.fill("#email", email)
                page.fill("#password", password)
                page.press("#password", "Enter")
                page.wait_for_url(lambda address: "/sign-in" not in address)
                kept[url, email] = first.storage_state()
        return browser.new_context(storage_state=kept[url, email], **settings)

    return open_context


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source, as the widget's package pins it."""
    if not AXE.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.fail("axe-core is needed: run `npm ci` in widget/")
        subprocess.run([npm, "ci", "--ignore-scripts"], cwd=ROOT / "widget", check=True, capture_output=True)
    return AXE.read_text("utf-8")


@pytest.fixture
def violations(axe: str) -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page."""

    def run(page: Page) -> list[str]:
        page.evaluate(axe)
        found: list[str] = page.evaluate(VIOLATIONS)
        return found

    return run
