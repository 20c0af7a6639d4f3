"""What others put between and around the widget, in three engines: replies not the collector's, a page's own patches."""

from pathlib import Path

import pytest
from stub_collector import SURVEYS

from tests.support.asking import NINE, ask, nine, settle, survey
from tests.support.window import HELP

PACKAGES = Path(__file__).parents[3] / "widget/node_modules"
KEPT, SENT = "Could not be sent yet; it is kept. Try again", "Your answer is saved."
NOTE = """{const one = sight('.status')[0]; window.said = [];
    new MutationObserver(() => said.push(one.textContent)).observe(one, {childList: true})}"""
AGAIN = "dispatchEvent(new Event('online'))"


def test_a_sign_in_page_takes_no_answer(collector, site, fox):
    site.page("<h1>Sign in</h1>", path="/login", Access_Control_Allow_Origin="*")
    ask(fox, site, survey())
    fox.js(f"(() => {NOTE})()")
    collector.instead = [(302, "", {"Location": f"{site.url}/login"})] * 2  # the same call in two ways
    fox.click("sight('.choice')[9]")
    fox.until("sight('.retry').length")
    assert (collector.posts, fox.js("said")) == ([], [KEPT])
    fox.wait(lambda: collector.answers("nps.1") == NINE)  # by itself
    fox.until("said.length > 1")
    assert fox.js("said") == [KEPT, SENT]


@pytest.mark.parametrize("said", ["<h1>Oops</h1>", '{"code": "too_many_requests"}'], ids=["page", "reason"])
def test_trouble_on_the_way_is_outlasted(said, collector, site, fox):
    ask(fox, site, survey())
    fox.js(f"(() => {NOTE})()")
    collector.instead = [(500, said, {}), (429, said, {"Retry-After": "1"})]
    fox.click("sight('.choice')[9]")
    for attempt in (1, 2):
        fox.until(f"said.length >= {attempt}")
        fox.js(AGAIN)
    fox.wait(lambda: collector.answers("nps.1") == NINE)
    fox.until("said.length > 2")
    assert fox.js("said") == [KEPT, KEPT, SENT]
    assert [post["answers"] for post in collector.posts] == [NINE]


@pytest.mark.parametrize("trouble", ["an unknown kind", "a page"])
def test_the_next_survey_comes(trouble, collector, site, fox, monkeypatch):
    hologram = {"id": "q", "kind": "hologram", "text": "How real?"}
    monkeypatch.setitem(SURVEYS, "newer", SURVEYS["nps"] | {"questions": [hologram]})
    site.page("<h1>Sign in</h1>", path="/w/v1/survey", Access_Control_Allow_Origin="*")
    where = f'collector="{site.url}"' if trouble == "a page" else ""
    first = survey("newer.1", f"mode=popover {where}")
    ask(fox, site, "<p>Shop</p>" + first + survey("nps.2", "mode=popover"))
    assert fox.js("sight('.panel').length") == 1
    nine(fox, collector, "nps.2")


@pytest.mark.parametrize("missing", ["window.fetch", "AbortSignal.timeout"])
def test_what_the_browser_has_not_leaves_the_pages_own_words(missing, collector, site, fox):
    words = survey().replace("></", "><a href='/form'>Tell us</a></")
    fox.open(site.page("$SCRIPT" + words, head=HELP + f"<script>delete {missing}</script>"))
    assert fox.js(f"{missing} === undefined")
    fox.until("!!customElements.get('afterword-survey')")
    settle(fox, 900)
    assert fox.js("[sight('a').length, sight('.panel').length]") == [1, 0]


def test_zone_js_patches_promises_timers_and_listeners(collector, site, fox):
    serve(site, "zone.js/bundles/zone.umd.min.js")
    ask(fox, site, survey(more="mode=popover"), '<script src="/vendor.js"></script>')
    assert fox.js("Zone.current.name") == "<root>"
    nine(fox, collector)
    fox.until("sight('textarea').length")
    settle(fox)
    fox.click("sight('textarea')[0]")
    fox.press("fine")
    fox.click("sight('.send')[0]")
    fox.wait(lambda: collector.answers("nps.1") == {"score": 9, "comment": "fine"})


def test_a_polyfill_replaces_the_registry_of_elements(collector, site, fox):
    serve(site, "@webcomponents/scoped-custom-element-registry/scoped-custom-element-registry.min.js")
    wanted = (
        "delete ShadowRoot.prototype.customElementRegistry; delete CustomElementRegistry.prototype.initialize"
    )
    ask(fox, site, survey(), f'<script>{wanted}</script><script src="/vendor.js"></script>')
    assert fox.js("String(customElements.define).includes('native code')") is False
    nine(fox, collector)


def serve(site, package: str) -> None:
    """Let the page have a script of npm's."""
    site.pages["/vendor.js"] = ((PACKAGES / package).read_text("utf-8"), {"Content_Type": "text/javascript; charset=utf-8"})  # fmt: skip
