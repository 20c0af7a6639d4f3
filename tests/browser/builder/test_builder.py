"""The builder in a browser: a survey in under a minute, its real widget in every language, place and colour scheme."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import served
from playwright.sync_api import FrameLocator, Page, expect

pytestmark = pytest.mark.browser
SCREENSHOTS = Path(__file__).parents[1] / "screenshots" / "last"


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("#preview")


def test_a_survey_is_made_and_published_with_four_touches(
    signed_in: Page, collector: served.Collector, violations: Any
) -> None:
    page = signed_in
    page.goto(f"{collector.url}/surveys")
    page.select_option("#template", "csat")
    page.select_option("#touchpoint", "installed")
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url("**/surveys/installed-csat")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("h1")).to_contain_text("Running")
    assert violations(page) == []


def test_the_preview_follows_the_typing_and_stores_nothing(
    signed_in: Page, collector: served.Collector
) -> None:
    page, calls = signed_in, []
    page.on("request", lambda request: calls.append(request.url) if "/w/v1/" in request.url else None)
    page.goto(f"{collector.url}/surveys/order-nps")
    expect(frame(page).get_by_text("recommend Example Telecom")).to_be_visible()
    page.fill("#subject", "our new name")
    expect(frame(page).get_by_text("recommend our new name")).to_be_visible()
    expect(page.locator("#subject")).to_be_focused()
    frame(page).locator("afterword-survey .choice", has_text="10").click()
    page.reload()
    expect(page.locator("#subject")).to_have_value("Example Telecom")
    assert calls == []


@pytest.mark.parametrize("width", [360, 1280])
def test_each_language_s_sentence_is_read_whole_while_typing(
    signed_in: Page, collector: served.Collector, violations: Any, width: int
) -> None:
    page = signed_in
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{collector.url}/surveys/order-nps")
    page.get_by_text("The question in each language").click()
    page.fill("#subject", "")
    expect(page.locator(".sentence", has_text="Deutsch").locator("[data-lacks]")).to_be_visible()
    page.fill("#s-de", "unser Haus")
    expect(page.locator("#q-de")).to_contain_text("dass Sie unser Haus einem Freund")
    expect(page.locator(".sentence", has_text="Deutsch").locator("[data-lacks]")).to_be_hidden()
    expect(frame(page).get_by_text("dass Sie unser Haus")).to_be_visible()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"builder-sentences-{width}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_place_and_colours_of_the_preview_are_a_choice_away(
    signed_in: Page, collector: served.Collector
) -> None:
    page = signed_in
    page.goto(f"{collector.url}/surveys/order-nps?locale=ar")
    page.select_option("#scheme", "dark")
    page.select_option("#mode", "sheet")
    shown = frame(page)
    expect(shown.locator("html")).to_have_attribute("data-theme", "dark")
    expect(shown.locator("html")).to_have_attribute("dir", "rtl")
    expect(shown.locator("afterword-survey[mode=sheet] .choice")).to_have_count(11)


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es", "ar"])
@pytest.mark.parametrize("mode", ["inline", "popover", "sheet"])
def test_it_shows_every_language_and_place(
    signed_in: Page, collector: served.Collector, violations: Any, locale: str, mode: str
) -> None:
    page = signed_in
    for scheme in ("light", "dark"):
        query = f"locale={locale}&mode={mode}&scheme={scheme}"
        page.goto(f"{collector.url}/surveys/order-nps/preview?{query}")
        choices = page.locator("afterword-survey .choice")
        expect(choices).to_have_count(11)
        boxes = [box for box in (choices.nth(index).bounding_box() for index in (0, 10)) if box]
        assert (boxes[0]["x"] > boxes[1]["x"]) is (locale == "ar")
        background = page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
        assert (background == "rgb(255, 255, 255)") is (scheme == "light")
        assert violations(page) == []


def test_the_guard_asks_and_goes_on(signed_in: Page, collector: served.Collector, violations: Any) -> None:
    page = signed_in
    page.goto(f"{collector.url}/surveys/order-nps")
    page.fill("#subject", "Example Telekom")
    page.click("#save")
    expect(page.get_by_role("heading", name="This change breaks the number")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("radio", name="It means the same").check()
    page.get_by_label("Why it means the same").fill("the name was misspelt")
    page.get_by_role("button", name="Save it so").click()
    expect(page.get_by_text("the name was misspelt")).to_be_visible()
    expect(page.locator(".history .badge", has_text="new series")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible_and_fits(
    signed_in: Page, collector: served.Collector, violations: Any, width: int
) -> None:
    page, key = signed_in, collector.keys["publishable_key"]
    page.set_viewport_size({"width": width, "height": 900})
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in (
            "/surveys",
            "/surveys/order-nps",
            "/surveys/order-nps?locale=ar",
            "/surveys/order-nps?locale=it",
            f"/surveys/order-nps/qr?key={key}&layout=cards&language=ar",
            f"/surveys/order-nps/qr?key={key}&layout=labels",
            "/surveys/order-nps/qr?key=aw_pk_unknown",
        ):
            page.goto(collector.url + path)
            name = re.sub(r"\W+", "-", re.sub(r"key=\w+", "", path))
            page.screenshot(path=SCREENSHOTS / f"builder{name}-{width}-{scheme}.png", full_page=True)
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_printed_code_leads_to_the_form_and_one_answer(page: Page, collector: served.Collector) -> None:
    page.goto(f"{collector.url}/f/{collector.keys['publishable_key']}/order-confirmed?lang=de")
    expect(page).to_have_url(re.compile("/s/"))
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.locator(".choice:visible", has_text="8").first.click()
    page.get_by_role("button", name="Senden").click()
    expect(page.get_by_text("Vielen Dank!")).to_be_visible()


def test_each_sheet_prints_on_one_page(signed_in: Page, collector: served.Collector) -> None:
    for layout in ("poster", "cards", "labels"):
        key = collector.keys["publishable_key"]
        signed_in.goto(f"{collector.url}/surveys/order-nps/qr?key={key}&layout={layout}")
        paper = signed_in.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1
        assert b"/MediaBox [0 0 594" in paper
