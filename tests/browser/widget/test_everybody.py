"""Everybody can answer: by keyboard, at 320 pixels, right to left, in the dark, in forced colours."""

import pytest

CHOICES = "[...document.querySelector('afterword-survey').shadowRoot.querySelectorAll('.choice')]"
NO_SCROLL = "document.documentElement.scrollWidth <= innerWidth"


def test_the_keyboard_alone_answers(collector, site, visit, violations, shoot):
    page = visit(site.survey('token="nps.1"'), viewport={"width": 720, "height": 640})
    page.keyboard.press("Tab")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(200)
    assert collector.posts == []
    assert violations(page) == []
    shoot(page, "keyboard")
    page.keyboard.press("Enter")
    page.get_by_label("What was missing?").wait_for()
    page.keyboard.type("Evenings")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Thank you!").wait_for()
    assert collector.answers("nps.1") == {"score": 8, "comment": "Evenings"}


def test_the_button_sends_what_the_keys_have_chosen(collector, site, visit, soon):
    page = visit(site.survey('token="csat.1"'))
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert (
        page.evaluate("document.querySelector('afterword-survey').shadowRoot.activeElement.textContent")
        == "Send 1"
    )
    page.keyboard.press("Space")
    soon(page, lambda: collector.answers("csat.1") == {"score": 1})


def test_a_screen_reader_hears_question_scale_and_thanks(site, visit):
    page = visit(site.survey('token="nps.1"'))
    snapshot = page.locator("[part~=panel]").aria_snapshot()
    assert (
        'group "How likely is it that you would recommend Example Telecom to a friend or colleague?"'
        in snapshot
    )
    assert snapshot.count("radio") == 11
    assert 'radio "0 of 10"' in snapshot
    assert (
        page.get_by_role("radio", name="10 of 10", exact=True).get_attribute("aria-description")
        == "Extremely likely"
    )
    page.locator(".choice").nth(9).click()
    page.click(".send:visible")
    page.get_by_role("status").get_by_text("Thank you!").wait_for()


def test_a_prompt_is_announced(site, visit):
    page = visit(site.survey('token="nps.1" mode="popover"'))
    assert "How likely" in page.get_by_role("status").inner_text()


@pytest.mark.parametrize("mode", ["inline", "popover", "sheet"])
@pytest.mark.parametrize("name", ["nps", "nps-ar", "csat-de", "ces"])
def test_at_320_pixels_everything_fits(mode, name, site, visit, violations, shoot):
    lang = "ar" if name.endswith("ar") else "en"
    page = visit(
        site.survey(f'token="{name}.1" mode="{mode}"', lang=lang), viewport={"width": 320, "height": 640}
    )
    assert page.evaluate(NO_SCROLL)
    boxes = page.evaluate(CHOICES + ".map(e => e.getBoundingClientRect().toJSON())")
    panel = page.locator("[part~=panel]").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 320
    assert min(min(box["width"], box["height"]) for box in boxes) >= 36
    assert len({box["top"] for box in boxes}) <= 2
    assert violations(page) == []
    shoot(page, f"320-{mode}-{name}")


def test_right_to_left_is_mirrored_whole(site, visit, violations, shoot):
    page = visit(site.survey('token="nps-ar.1" mode="popover"', lang="ar"))
    lefts = page.evaluate(CHOICES + ".map(e => e.getBoundingClientRect().left)")
    assert lefts == sorted(lefts, reverse=True)
    panel = page.locator("[part~=panel]")
    assert (panel.get_attribute("dir"), panel.get_attribute("lang")) == ("rtl", "ar")
    assert panel.bounding_box()["x"] < 100
    assert page.get_by_role("radio", name="9 من 10", exact=True).count() == 1
    assert violations(page) == []
    shoot(page, "rtl-popover")


def test_long_german_words_wrap(site, visit, shoot):
    page = visit(site.survey('token="csat-de.1" mode="popover"', lang="de"))
    assert page.evaluate(NO_SCROLL)
    shoot(page, "german-popover")


@pytest.mark.parametrize("kind", ["nps", "stars", "emotion", "multiple_choice"])
def test_the_dark(kind, site, visit, violations, shoot):
    page = visit(site.survey(f'token="{kind}.1" mode="popover"'), color_scheme="dark")
    page.locator(".choice input").nth(1).click()
    page.wait_for_timeout(200)
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('afterword-survey').shadowRoot.querySelector('.panel')).backgroundColor"
        )
        != "rgb(255, 255, 255)"
    )
    assert violations(page) == []
    shoot(page, f"dark-{kind}")


def test_a_light_page_keeps_a_light_survey_in_the_dark(site, visit):
    page = visit(site.page('$SCRIPT<afterword-survey token="nps.1"></afterword-survey>'), color_scheme="dark")
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('afterword-survey').shadowRoot.querySelector('.panel')).color"
        )
        == "rgb(0, 0, 0)"
    )


@pytest.mark.parametrize("kind", ["nps", "stars"])
def test_forced_colours(kind, site, visit, violations, shoot):
    page = visit(
        site.survey(f'token="{kind}.1"'), forced_colors="active", viewport={"width": 720, "height": 480}
    )
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert violations(page) == []
    shoot(page, f"forced-colours-{kind}")


def test_motion_only_for_those_who_like_it(site, visit):
    animation = "getComputedStyle(document.querySelector('afterword-survey').shadowRoot.querySelector('.panel')).animationName"
    url = site.survey('token="nps.1" mode="popover"')
    assert visit(url).evaluate(animation) == "none"
    assert visit(url, reduced_motion="no-preference").evaluate(animation) == "in"


def test_text_at_twice_its_size_fits(site, visit, shoot):
    url = site.page(
        "$SCRIPT<main><h1>Shop</h1><afterword-survey token='nps.1' mode='popover'></afterword-survey></main>",
        head="<style>html { font-size: 200% }</style>",
    )
    page = visit(url, viewport={"width": 640, "height": 800})
    assert page.evaluate(NO_SCROLL)
    clipped = CHOICES + ".filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate(clipped) == 0
    shoot(page, "text-200")


def test_a_brand_may_colour_it(site, visit, violations, shoot):
    style = "<style>afterword-survey { --afterword-accent: #0b6e4f; --afterword-on-accent: #fff; --afterword-radius: 22px } afterword-survey::part(question) { font-style: italic }</style>"
    page = visit(
        site.page(
            "$SCRIPT<main><h1>Shop</h1><afterword-survey token='nps.1' score='9'></afterword-survey></main>",
            head=style,
        ),
        viewport={"width": 720, "height": 420},
    )
    assert page.locator(".send").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(11, 110, 79)"
    assert page.locator(".question").evaluate("e => getComputedStyle(e).fontStyle") == "italic"
    assert violations(page) == []
    shoot(page, "brand")
