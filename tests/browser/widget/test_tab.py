"""The always-there button at the edge of the window: opened by hand, key or script, and back when the prompt has left."""

import pytest

BUTTON = "[part=tab]"
SOURCE = 'key="aw_pk_test" touchpoint="nps"'
TAB = f'<afterword-survey {SOURCE} mode="tab">Your view</afterword-survey>'
ASK = '<script src="$COLLECTOR/widget/v1.ask.js" async></script>'
ELEMENT = "document.querySelector('afterword-survey')"
AT = f"(() => {{ const {{left, right, top, bottom}} = {ELEMENT}.shadowRoot.querySelector('.tab').getBoundingClientRect(); return [left, innerWidth - right, top, innerHeight - bottom] }})()"


@pytest.mark.parametrize("script", [ASK, '<script src="$COLLECTOR/widget/v1.js" async></script>'])
def test_nothing_is_asked_before_it_is_opened(script, collector, site, visitor, violations, shoot, soon):
    page = visitor().open(site.page(script + "<main><h1>Shop</h1></main>" + TAB))
    button = page.get_by_role("button", name="Your view")
    button.wait_for()
    assert (collector.requests, collector.scripts[1:]) == ([], ["/widget/v1.tab.js"])
    assert violations(page) == []
    button.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    soon(page, lambda: not button.is_visible())
    assert violations(page) == []
    soon(page, lambda: collector.events == ["shown"])
    page.wait_for_timeout(450)  # a fresh question takes a click for the tail of a double click
    dialog.locator(".choice").nth(9).click()
    soon(page, lambda: len(collector.posts) > 0)
    assert collector.posts[0]["answers"] == {"score": 9}


def test_by_keyboard_and_again(collector, site, visitor, soon):
    page = visitor().open(site.page(ASK + TAB))
    page.locator(BUTTON).wait_for()
    page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("Enter")
        page.get_by_role("dialog").wait_for()
        soon(
            page,
            lambda: page.evaluate(
                f"!!{ELEMENT}.shadowRoot.querySelector('afterword-survey').shadowRoot.activeElement"
            ),
        )
        page.keyboard.press("Escape")
        soon(page, lambda: page.evaluate(f"{ELEMENT}.shadowRoot.activeElement?.className") == "tab")
        assert page.locator(BUTTON).is_visible()
    assert collector.requests.count("GET /w/v1/survey") == 2


def test_a_script_of_the_page_opens_and_closes_it(site, visitor, soon):
    page = visitor().open(
        site.page(
            ASK
            + TAB
            + "<script>seen = []; addEventListener('afterword:dismissed', () => seen.push(1))</script>"
        )
    )
    page.locator(BUTTON).wait_for()
    assert page.evaluate(f"{ELEMENT}.state") == "closed"
    page.evaluate(f"{ELEMENT}.open(), {ELEMENT}.open()")
    page.get_by_role("dialog").wait_for()
    assert page.evaluate(f"{ELEMENT}.state") == "open"
    page.evaluate(f"{ELEMENT}.close()")
    soon(page, lambda: page.evaluate(f"{ELEMENT}.state") == "closed")
    assert page.locator(BUTTON).is_visible()
    assert page.evaluate("seen.length") == 1


def test_opened_again_the_moment_it_has_closed(collector, site, visitor, soon):
    page = visitor().open(site.page(ASK + TAB))
    page.locator(BUTTON).wait_for()
    page.evaluate(f"{ELEMENT}.open()")
    page.get_by_role("dialog").wait_for()
    page.evaluate(f"{ELEMENT}.close(), {ELEMENT}.open()")
    soon(page, lambda: collector.requests.count("GET /w/v1/survey") == 2)
    page.get_by_role("dialog").wait_for()
    assert page.evaluate(f"{ELEMENT}.state") == "open"


def test_it_is_named_in_the_language_of_the_page(site, visitor):
    bare = f'<afterword-survey {SOURCE} mode="tab"></afterword-survey>'
    page = visitor().open(site.page(ASK + bare, lang="fr-CA"))
    page.get_by_role("button", name="Votre avis").wait_for()


@pytest.mark.parametrize("side", ["ltr", "rtl"])
def test_it_stands_at_the_end_of_the_line_and_within_a_small_window(side, site, visitor, shoot):
    page = visitor(viewport={"width": 390, "height": 700}, color_scheme="dark").open(
        site.page(
            ASK + TAB + f"<script>document.documentElement.dir = '{side}'</script>",
            head="<meta name=color-scheme content='light dark'>",
        )
    )
    page.locator(BUTTON).wait_for()
    left, right, top, bottom = page.evaluate(AT)
    assert (right if side == "ltr" else left) == 0
    assert abs(top - bottom) < 2
    box = page.locator(BUTTON).bounding_box()
    assert 40 <= box["width"] <= 48 < box["height"]  # narrow and upright
    shoot(page, f"mode-tab-{side}")


def test_it_is_not_printed_and_gives_way_to_banners_and_dialogs(site, visitor, soon):
    banner = (
        '<div id="cookie-banner" hidden style="position:fixed;inset:20% 0;background:#fff">Cookies?</div>'
    )
    page = visitor().open(site.page(ASK + banner + TAB + "<dialog>Sure?</dialog>"))
    button = page.locator(BUTTON)
    button.wait_for()
    page.emulate_media(media="print")
    assert not button.is_visible()
    page.emulate_media(media="screen")
    for show, hide in (
        (
            "document.getElementById('cookie-banner').hidden = false",
            "document.getElementById('cookie-banner').hidden = true",
        ),
        ("document.querySelector('dialog').showModal()", "document.querySelector('dialog').close()"),
    ):
        page.evaluate(show)
        soon(page, lambda: not button.is_visible())
        page.evaluate(hide)
        soon(page, button.is_visible)


def test_without_its_part_the_page_goes_on(collector, site, visitor):
    collector.missing.add("v1.tab.js")
    page = visitor().open(site.page(ASK + TAB))
    page.get_by_text("Your view").wait_for()
    assert page.locator(BUTTON).count() == 0
