"""The real frameworks drive the element: they set its attributes late, change them, and listen to its events."""

import subprocess
from pathlib import Path

import pytest

WIDGET = Path(__file__).parents[3] / "widget"
TURBO = WIDGET / "node_modules/@hotwired/turbo/dist/turbo.es2017-umd.js"


def bundled(shop: str) -> str:
    command = ["node", WIDGET / "frameworks/bundle.mjs", shop]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def answer(page, collector, soon, token: str) -> None:
    """Answer a survey by two clicks and wait until it has arrived."""
    page.locator("legend.question").wait_for()
    page.wait_for_timeout(450)
    page.locator(".choice").nth(9).click()
    soon(page, lambda: collector.answers(token) == {"score": 9})


@pytest.mark.parametrize("shop", ["react.js", "vue.js", "angular.js", "svelte.svelte"])
def test_a_framework_drives_it(shop, collector, site, visit, soon):
    page = visit(site.page('$SCRIPT<div id="root"></div>'), asked=False)
    page.add_script_tag(content=bundled(shop))
    answer(page, collector, soon, "nps.1")
    assert page.locator("[part~=panel].popover").count() == 1, "the mode was set in time"
    page.locator("output").get_by_text("1", exact=True).wait_for()
    page.get_by_role("button", name="next").click()
    answer(page, collector, soon, "nps.2")
    page.locator("output").get_by_text("2", exact=True).wait_for()
    assert collector.requests.count("GET /w/v1/survey") == 2


def test_turbo_visits_pages_with_and_without_it(collector, site, visit, soon):
    survey = '<afterword-survey token="nps.1" mode="popover"></afterword-survey>'
    site.page("<p>Second view</p><a href='/third'>on</a>", "/second", head="$SCRIPT")
    site.page(f"<p>Third view</p>{survey.replace('nps.1', 'nps.2')}", "/third", head="$SCRIPT")
    page = visit(site.page(f"<a href='/second'>on</a>{survey}", head="$SCRIPT"))
    page.add_script_tag(path=TURBO)
    answer(page, collector, soon, "nps.1")
    page.get_by_role("link", name="on").click()
    page.get_by_text("Second view").wait_for()
    assert page.locator("[part~=panel]").count() == 0
    page.get_by_role("link", name="on").click()
    page.get_by_text("Third view").wait_for()
    answer(page, collector, soon, "nps.2")
    page.go_back()
    page.get_by_text("Second view").wait_for()
    assert page.locator("[part~=panel]").count() == 0
