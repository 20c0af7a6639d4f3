"""Every page of the set-up: no accessibility violation, no wider than the screen, light and dark, in German too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
EDIT = "/journeys/first-order/edit"
PAGES = {
    "setup": "/setup",
    "new-owner": "/setup/owners",
    "new-touchpoint": "/setup/touchpoints",
    "new-persona": "/setup/personas",
    "new-journey": "/setup/journeys",
    "upload": "/setup/file",
    "owner": "/setup/owners/sales",
    "touchpoint": "/setup/touchpoints/installed",
    "persona": "/setup/personas/family",
    "edit": EDIT,
    "step": f"{EDIT}/steps/visit",
    "export": "/journeys/first-order/export",
}
SHOWN = {"setup", "new-journey", "touchpoint", "edit", "step"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_shuts_anybody_out(
    visit: Visit,
    workshop: Any,
    violations: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], None],
    width: int,
    scheme: str,
) -> None:
    page = visit("/setup", viewport={"width": width, "height": 800}, color_scheme=scheme)
    shoot(page, f"empty-{width}-{scheme}")
    assert violations(page) == []
    workshop.apply_example()
    for name, path in PAGES.items():
        page.goto(workshop.url + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if name in SHOWN:
            shoot(page, f"{name}-{width}-{scheme}")


def test_a_plan_and_a_refusal_are_readable_too(
    visit: Visit,
    workshop: Any,
    violations: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], None],
) -> None:
    page = visit("/setup/file")
    page.set_input_files("#file", {"name": "bad.yaml", "mimeType": "text/yaml", "buffer": b"journeys: 1"})
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be taken")
    assert violations(page) == []
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download an example").click()
    page.set_input_files("#file", _named(waiting.value))
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("heading", name="Plan")).to_be_visible()
    assert violations(page) == []
    shoot(page, "plan-1280")
    page.get_by_role("button", name="Apply it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First order")
    assert [phase for phase, _ in workshop.order()] == ["Order", "Installation", "Payment"]


def test_a_member_reads_only(visit: Visit, workshop: Any, violations: Callable[[Page], list[str]]) -> None:
    workshop.apply_example()
    page = visit(EDIT, "mia")
    expect(page.locator("#name")).to_be_disabled()
    for path in (EDIT, "/setup", "/setup/touchpoints/installed"):
        page.goto(workshop.url + path)
        assert violations(page) == [], path
        assert page.locator("main form[method=post] button").count() == 0, path


def _named(download: Any) -> dict[str, Any]:
    return {"name": "example.yaml", "mimeType": "application/yaml", "buffer": download.path().read_bytes()}
