"""A long export: how far it is, the whole file at its end, none when it is stopped or breaks off; a plain download without scripts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from collector.exchange import writing
from collector.responses import Response

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
FEW = 1


class Held:
    """An export that waits after its first rows until it is let go on; ``ended`` says that the server is done with it."""

    def __init__(self) -> None:
        self.go_on, self.ended = threading.Event(), threading.Event()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    gate, export = Held(), writing.export_responses

    def slowly(*given: Any) -> Iterator[int]:
        try:
            for written in export(*given):
                if written > FEW:
                    gate.go_on.wait(60)
                yield written
        finally:
            gate.ended.set()

    monkeypatch.setattr(writing, "CHUNK", FEW)
    monkeypatch.setattr(writing, "export_responses", slowly)
    yield gate
    gate.go_on.set()


def begin(page: Page, name: str = "Answers as CSV") -> None:
    page.locator("summary", has_text="Share and more").click()
    page.get_by_role("link", name=name, exact=True).click()


@pytest.mark.parametrize("name", ["Answers as CSV", "Answers as JSON Lines"])
def test_rows_are_counted_and_the_whole_file_is_saved(
    visit: Visit, dashboard: Any, held: Held, name: str
) -> None:
    with dashboard.sessions() as session:
        all_rows = session.query(Response).filter(Response.touchpoint == "installed").count()
    page = visit("/touchpoints/installed")
    address = page.get_by_role("link", name=name, exact=True, include_hidden=True).get_attribute("href")
    begin(page, name)
    box = page.locator("#exporting")
    expect(box.locator("[data-far]")).to_have_text(f"{FEW} of about {all_rows} answers")
    assert box.locator("progress").evaluate("(bar) => [bar.value, bar.max]") == [FEW, all_rows]
    with page.expect_download() as download:
        held.go_on.set()
    expect(box.get_by_role("status")).to_have_text(f"The file is whole: {all_rows} answers.")
    plain = page.request.get(f"{dashboard.url}{address}")
    assert "afterword-rows" not in plain.headers
    assert download.value.path().read_bytes() == plain.body()
    assert download.value.suggested_filename.startswith("responses.")


def test_a_stopped_export_saves_nothing(visit: Visit, held: Held) -> None:
    page = visit("/touchpoints/installed")
    saved: list[Any] = []
    page.on("download", lambda file: saved.append(file.suggested_filename))
    begin(page)
    expect(page.locator("#exporting [data-far]")).to_contain_text(f"{FEW} of about")
    page.keyboard.press("Enter")  # the focus is on the button
    expect(page.get_by_role("status").filter(has_text="Stopped")).to_have_text("Stopped. No file was saved.")
    held.go_on.set()
    assert held.ended.wait(60)
    assert saved == []


def test_one_that_breaks_off_saves_nothing_and_may_be_tried_again(visit: Visit) -> None:
    page = visit("/touchpoints/installed")
    page.route("**/exports/responses.csv*", lambda route: route.abort())
    begin(page)
    expect(page.locator("#exporting").get_by_role("status")).to_contain_text("The connection broke off.")
    page.unroute("**/exports/responses.csv*")
    with page.expect_download():
        begin(page)


def test_without_scripts_it_is_a_plain_download(
    signed_in_browser: Callable[..., BrowserContext], dashboard: Any
) -> None:
    seed = dashboard.seed
    with signed_in_browser(dashboard.url, seed.EMAIL, seed.PASSWORD, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{dashboard.url}/touchpoints/installed")
        expect(page.locator("#exporting")).to_be_hidden()
        page.locator("summary", has_text="Share and more").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Answers as CSV", exact=True).click()
        assert download.value.path().read_text("utf-8").startswith("response_id,")
