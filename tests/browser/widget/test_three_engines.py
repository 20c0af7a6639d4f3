"""Difficult pages in Chromium, Firefox and WebKit: asked once, answered once, nothing lost, no error in the page."""

import json

import pytest

from tests.support.asking import NINE, ask, nine, settle, survey
from tests.support.window import HELP

PROMPT = survey(more="mode=popover")
SHADOW = f"""<my-app></my-app><script>customElements.define("my-app", class extends HTMLElement {{
    constructor() {{ super(); this.attachShadow({{mode: "open"}}).innerHTML = `<main style="height:1500px">{PROMPT}</main>` }} }})</script>"""
CHANGED = "<script>{{const f = fetch; window.fetch = {0}}}</script>"
TRACED = CHANGED.format("(u, o = {}) => f(u, {...o, headers: {traceparent: '00-1-1-01'}})")
READ = CHANGED.format("async (...a) => {const r = await f(...a); r.clone().text(); return r}")
BARE = "<script>delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.popover</script>"
CARD = f'<div style="transform:translateZ(0);width:200px;height:80px;overflow:hidden">{PROMPT}</div>'
DRAWER = "pointer-events:none;writing-mode:vertical-rl;letter-spacing:9px;direction:rtl;filter:blur(0);text-transform:uppercase;font-size:3px"
LATE = """<script>{const one = document.createElement("afterword-survey"); document.body.append(one);
    one.setAttribute("mode", "popover"); one.setAttribute("token", "nps.1")}</script>"""
TWICE = """<script>{const one = document.createElement("afterword-survey"); one.setAttribute("token", "nps.1");
    document.body.append(one); one.remove(); document.body.append(one)}</script>"""
PAGES: dict[str, tuple[str, str]] = {
    "in another component's shadow root": (SHADOW, ""),
    "beside a hidden twin": (f'<div style="display:none">{PROMPT}</div><div>{PROMPT}</div>', ""),
    "requests carry a trace": (survey(), TRACED),
    "replies are read by others": (survey(), READ),
    "attributes come late": (LATE, ""),
    "mounted twice": (TWICE, ""),
    "a base elsewhere": (survey(), '<base href="/other/deep/">'),
    "in the page's modal dialog": (f"<dialog id=d>{PROMPT}</dialog><script>d.showModal()</script>", ""),
    "no top layer, in a card": (CARD, BARE),
    "two scripts": (survey() + '<script src="$COLLECTOR/widget/v1.whole.js"></script>', ""),
    "a host that replaced Array.from": (survey(), "<script>Array.from = () => []</script>"),
    "styles that are inherited": (f'<div style="{DRAWER}">{PROMPT}</div>', ""),
}


@pytest.mark.parametrize("page", PAGES)
def test_it_is_asked_once_and_answered_once(page, collector, site, fox):
    body, head = PAGES[page]
    ask(fox, site, body, head)
    assert fox.js("sight('.panel').length") == 1
    box = fox.js("sight('.panel')[0].getBoundingClientRect().toJSON()")
    assert min(box["left"], box["top"], 1024 - box["right"]) >= 0
    style = "getComputedStyle(sight('.question')[0])"
    assert fox.js(f"[{style}.writingMode, {style}.textTransform, {style}.direction, {style}.fontSize]") == [
        "horizontal-tb", "none", "ltr", "16px",
    ]  # fmt: skip
    nine(fox, collector)
    assert [post["answers"] for post in collector.posts] == [NINE]


@pytest.mark.parametrize("headers", [
    {"Cross_Origin_Embedder_Policy": "require-corp", "Cross_Origin_Opener_Policy": "same-origin"},
    {"Content_Security_Policy": "sandbox allow-scripts"},
    {"Permissions_Policy": "fullscreen=(), clipboard-write=(), unload=()", "Referrer_Policy": "no-referrer"},
], ids=["isolated", "sandboxed", "permissions"])  # fmt: skip
def test_policies_of_the_page(headers, collector, site, fox):
    tag = '<script src="$COLLECTOR/widget/v1.whole.js" crossorigin async></script>'
    fox.open(site.page(tag + survey(more="storage"), head=HELP, **headers))
    fox.until("sight('.question').length")
    settle(fox)
    nine(fox, collector)


def test_a_page_of_xhtml(collector, site, fox):
    script = f'<script src="{collector.url}/widget/v1.js" async="async"></script>'
    help = HELP.replace("<script>", "<script><![CDATA[").replace("</script>", "]]></script>")
    site.pages["/x"] = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>{help}</head><body>{script}{survey()}</body></html>',
        {"Content_Type": "application/xhtml+xml"},
    )
    fox.open(site.url + "/x")
    fox.until("sight('.question').length")
    settle(fox)
    nine(fox, collector)


def test_a_copy_beside_it_asks_no_second_time(collector, site, fox):
    ask(fox, site, f"<div id=slides>{survey()}</div>")
    fox.js("slides.append(slides.firstElementChild.cloneNode(true))")
    settle(fox, 900)
    assert fox.js("sight('.panel').length") == 1
    nine(fox, collector)
    assert len({post["response_id"] for post in collector.posts}) == 1


def test_in_a_form_of_the_page_it_submits_nothing(collector, site, fox):
    ask(fox, site, f"<form onsubmit='window.sent = true; return false'>{survey('short_text.1')}</form>")
    fox.click("sight('input.text')[0]")
    fox.press("Quick", "Enter")
    fox.wait(lambda: "Quick" in collector.answers("short_text.1").values())
    assert fox.js("window.sent ?? false") is False


def test_the_end_of_a_composition_and_enter_held_down_send_nothing(collector, site, fox):
    ask(fox, site, survey("short_text.1"))
    fox.click("sight('input.text')[0]")
    fox.press("Quick")
    for odd in ("keyCode: 229", "keyCode: 13, repeat: true"):
        fox.js(f"sight('input.text')[0].dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, composed: true, {odd}}}))")  # fmt: skip
    settle(fox)
    assert collector.posts == []


def test_letters_set_off_no_shortcut_of_the_page(collector, site, fox):
    ask(fox, site, survey("short_text.1") + "<script>keys = []; addEventListener('keydown', e => keys.push(e.key))</script>")  # fmt: skip
    fox.click("sight('input.text')[0]")
    fox.press("js")
    assert fox.js("sight('input.text')[0].value") == "js"
    assert fox.js("keys") == []


def test_what_is_hidden_is_neither_shown_nor_counted(collector, site, fox):
    fox.open(site.page(f'$SCRIPT<div id=tab style="visibility:hidden">{PROMPT}</div>', head=HELP))
    settle(fox, 1500)
    assert (fox.js("sight('.panel').length"), collector.events) == (0, [])
    fox.js("tab.style.visibility = 'visible'")
    fox.until("sight('.panel').length")


def test_it_is_left_out_in_print(site, fox):
    ask(fox, site, PROMPT)
    rules = "all('afterword-survey')[0].shadowRoot.adoptedStyleSheets.flatMap(sheet => [...sheet.cssRules])"
    print_rules = (
        f"{rules}.filter(rule => rule.media?.mediaText == 'print').map(rule => rule.cssRules[0].cssText)"
    )
    assert [rule.replace(" ", "") for rule in fox.js(print_rules)] == [".panel{display:none;}"]


def test_a_kind_that_it_does_not_know_is_left_alone(collector, site, fox):
    collector.offers = {"questions": [{"id": "q", "kind": "hologram", "text": "How real?"}]}
    fox.open(site.page("$SCRIPT<p>Shop</p>" + survey(), head=HELP))
    fox.wait(lambda: "GET /w/v1/survey" in collector.requests)
    settle(fox)
    assert fox.js("sight('.panel').length") == 0


def test_an_address_that_answers_with_a_page_shows_nothing(collector, site, fox):
    site.page("<h1>Sign in</h1>", path="/w/v1/survey")
    fox.open(site.page("$SCRIPT" + survey(more=f'collector="{site.url}"'), head=HELP))
    settle(fox, 1000)
    assert (fox.js("sight('.panel').length"), collector.requests) == (0, [])


def test_what_could_not_be_sent_is_sent_when_the_network_is_back(collector, site, fox):
    ask(fox, site, survey())
    collector.failing = True
    fox.click("sight('.choice')[9]")
    fox.until("sight('.retry').length")
    assert fox.js("sight('.thanks').length") == 0
    collector.failing = False
    fox.js("dispatchEvent(new Event('online'))")
    fox.wait(lambda: collector.answers("nps.1") == NINE)


def test_a_page_that_is_translated_while_it_asks(collector, site, fox):
    ask(fox, site, survey("branching.1"))
    wrap = """(() => { for (const host of all('afterword-survey')) {
        const walk = document.createTreeWalker(host.shadowRoot, NodeFilter.SHOW_TEXT), texts = [];
        while (walk.nextNode()) texts.push(walk.currentNode);
        for (const text of texts) if (text.data.trim()) {
            const font = document.createElement('font'); font.textContent = '[' + text.data + ']'; text.replaceWith(font); } } })()"""
    fox.js(wrap)
    fox.click("sight('.choice')[2]")
    fox.until("sight('.list .choice').length")
    settle(fox)
    fox.js(wrap)
    fox.click("sight('.list .choice')[0]")
    fox.wait(lambda: collector.answers("branching.1") == {"score": 2, "reason": "price"})


def test_the_page_comes_back_from_the_browsers_cache(collector, site, fox):
    ask(fox, site, survey())
    nine(fox, collector)
    fox.until("sight('textarea').length")
    assert fox.js("all('textarea:focus').length") == 0  # a click brings no keyboard up
    settle(fox)
    fox.click("sight('textarea')[0]")
    fox.press("half")
    fox.open(site.page("<p>Next</p>", path="/next", head=HELP))
    fox.wait(lambda: collector.answers("nps.1") == {"score": 9, "comment": "half"})
    fox.back()
    fox.until("document.querySelector('afterword-survey')")
    settle(fox, 900)
    assert len({post["response_id"] for post in collector.posts}) == 1


def test_a_draft_is_kept_when_the_page_goes_out_of_sight(collector, site, fox):
    ask(fox, site, survey("comment.1", "storage"))
    fox.click("sight('textarea')[0]")
    fox.press("train")
    fox.js("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    assert "train" in fox.js("Object.values(localStorage).join()")
    fox.js("localStorage.clear()")


def test_foreign_entries_in_the_storage_are_passed_over(collector, site, fox):
    kept = [f"{collector.url}/w/v1/responses", {"token": "nps.9", "response_id": "r", "answers": {"score": 3}, "complete": True}]  # fmt: skip
    entries = {"afterword:a": "dark", "afterword:b": "5", "afterword:d": json.dumps(kept)}
    fill = f"<script>for (const [k, v] of Object.entries({json.dumps(entries)})) localStorage.setItem(k, v)</script>"
    fox.open(site.page("$SCRIPT<afterword-survey storage></afterword-survey>", head=HELP + fill))
    fox.wait(lambda: collector.answers("nps.9") == {"score": 3})
    fox.js("localStorage.clear()")


def test_a_long_text_is_cut_at_its_limit_and_at_no_half_character(collector, site, fox):
    ask(fox, site, survey("comment.1"))
    fox.click("sight('textarea')[0]")
    fox.js("document.execCommand('insertText', false, 'x' + '\\u{1F600}'.repeat(5000))")
    text = fox.js("sight('textarea')[0].value")
    assert 0 < len(text) <= 2000
    fox.click("sight('.send')[0]")
    fox.wait(lambda: bool(collector.answers("comment.1")))
    [told] = collector.answers("comment.1").values()
    assert not any(0xD800 <= ord(each) < 0xE000 for each in told)


def test_a_view_transition_and_fields_that_are_new(collector, site, fox):
    collector.offers = {"theme": {"a": 1}, "footnote": None, "company": None}
    ask(fox, site, "<div id=room></div><p style='height:50px'>Shop</p>" + survey())
    swap = "document.startViewTransition ? document.startViewTransition(go).finished.then(() => 1) : go()"
    fox.js(f"((go) => {swap})(() => void (room.innerHTML = '{survey('csat.2', 'mode=popover')}'))")
    fox.js(f"((go) => {swap})(() => void (room.textContent = ''))")
    nine(fox, collector)


def test_at_280_pixels_every_target_can_be_hit(site, fox):
    ask(fox, site, f'<div style="width:280px">{survey()}</div>')
    sizes = fox.js("sight('.choice').map(each => each.getBoundingClientRect().toJSON())")
    assert min(min(size["width"], size["height"]) for size in sizes) >= 24
    assert max(size["right"] for size in sizes) <= 300


def test_at_400_percent_the_close_button_stays_in_sight(collector, site, fox):
    site.page("$SCRIPT<p>Shop</p>" + survey("nps-de.1", "mode=popover"), path="/small", head=HELP)
    frame = "position:fixed;inset:0;width:320px;height:256px;border:0"  # a window of 1,280 by 1,024, four times as large
    fox.open(site.page(f'<iframe id=small src="/small" style="{frame}"></iframe>', head=HELP))
    fox.until("small.contentWindow.sight?.('.question').length")
    settle(fox)
    panel, close = (f"small.contentWindow.sight('{each}')[0]" for each in (".panel", ".close"))
    for field in ("input", "textarea"):
        fox.js(f"small.contentWindow.sight('{field}').at(-1).scrollIntoView({{block: 'end'}})")
        for each in (panel, close):
            box = fox.js(f"{each}.getBoundingClientRect().toJSON()")
            assert min(box["left"], box["top"], 320 - box["right"], 256 - box["bottom"]) >= 0, each
        assert fox.js(
            f"getComputedStyle({panel}).overflowX == 'hidden'"
        )  # a wheel or finger goes one way only
        ends = fox.js(
            "small.contentWindow.sight('.choice, .send, .text').map(one => one.getBoundingClientRect().right)"
        )
        assert max(ends) <= fox.js(f"{panel}.getBoundingClientRect().left + {panel}.clientWidth")
        if field == "input":
            fox.click("small.contentWindow.sight('.choice')[9]")
            fox.wait(lambda: collector.answers("nps-de.1") == NINE)
            fox.until("small.contentWindow.sight('textarea').length")
    assert fox.js("small.contentWindow.broken") == []


def test_the_focus_goes_back_to_the_button_that_opened_it(site, fox):
    ask(fox, site, "<button id=rate onclick=\"room.innerHTML = this.value\">Rate</button><div id=room></div><p>.</p>" + survey("ces.1"))  # fmt: skip
    fox.js("all('afterword-survey')[0].remove()")
    fox.js(f"rate.value = '{survey('csat.3', 'mode=popover')}'")
    fox.click("rate")
    fox.js("rate.focus()")
    fox.until("sight('[role=dialog]').length")
    settle(fox)
    fox.press("Tab", "ArrowRight", "Enter")
    fox.until("all('textarea:focus').length")
    settle(fox)
    fox.press("Tab", "Enter")
    fox.until("sight('.thanks').length")
    fox.press("Escape")
    fox.until("!sight('.panel').length && document.activeElement.id == 'rate'")
