"""What pages do to those who stand in them: shadow roots, hidden twins, modal dialogs, proxies, tracing, shortcuts."""

from typing import Any

import pytest

PANEL = "afterword-survey [part~=panel]"
PROMPT = '<afterword-survey token="nps.1" mode="popover"></afterword-survey>'


def test_a_prompt_in_another_components_shadow_root_is_seen(collector, site, visit, soon):
    page = visit(
        site.page(f"""$SCRIPT<my-app></my-app><script>customElements.define("my-app", class extends HTMLElement {{
        constructor() {{ super(); this.attachShadow({{mode: "open"}}).innerHTML =
            `<main style="height:1500px"><input aria-label="Search">{PROMPT}</main>` }} }})</script>""")
    )
    page.get_by_label("Search").focus()
    page.wait_for_timeout(300)
    assert page.locator(PANEL).evaluate("e => getComputedStyle(e).visibility") == "visible"
    soon(page, lambda: collector.events == ["shown"])
    page.keyboard.press("Escape")  # the page's own field has the focus
    assert page.locator(PANEL).count() == 1


def test_a_hidden_twin_leaves_the_stage_to_the_other(collector, site, visit):
    page = visit(site.page(f'$SCRIPT<div style="display:none">{PROMPT}</div><div>{PROMPT}</div>'))
    assert page.locator(PANEL).count() == 1
    assert page.locator(PANEL).is_visible()


@pytest.mark.parametrize(
    "answer", ["<!doctype html><title>Sign in</title>", "null", '{"questions": [{"kind": "slider"}]}']
)
def test_a_survey_that_is_none_is_passed_over(answer, collector, site, visitor):
    person = visitor()
    person.context.route("**/w/v1/survey?token=odd*", lambda route: route.fulfill(
        status=200, body=answer, headers={"Access-Control-Allow-Origin": "*", "Content-Type": "text/html"}))  # fmt: skip
    odd = '<afterword-survey token="odd.1" mode="popover"></afterword-survey>'
    page = person.open(
        site.page(
            f'$SCRIPT{odd}<afterword-survey token="csat.2" mode="popover" delay=".3"></afterword-survey>'
        )
    )
    page.locator(PANEL).wait_for()


def test_a_sign_in_page_is_not_the_collector(collector, site, visitor, soon):
    person = visitor()
    page = person.open(site.survey('token="csat.1"'))
    page.locator(".question").wait_for()
    away = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/html"}
    person.context.route(
        "**/w/v1/responses", lambda route: route.fulfill(status=200, body="<h1>Sign in</h1>", headers=away)
    )
    page.locator(".choice").nth(3).click()
    page.get_by_text("Could not be sent yet").wait_for()
    person.context.unroute("**/w/v1/responses")
    soon(page, lambda: collector.answers("csat.1") == {"score": 4})


def test_a_wrapped_fetch_whose_preflight_is_refused(collector, site, visit, soon):
    wrap = "<script>{const f = fetch; window.fetch = (u, o = {}) => f(u, {...o, headers: {traceparent: '00-1-1-01'}})}</script>"
    page = visit(site.page('$SCRIPT<afterword-survey token="nps.1"></afterword-survey>', head=wrap))
    page.locator(".choice").nth(9).click()
    soon(page, lambda: collector.answers("nps.1") == {"score": 9})


@pytest.mark.parametrize("opens", [
    "d.showModal()", "d.show(); d.ariaModal = 'true'; d.focus()", "d.showModal(); document.querySelector('afterword-survey').inert = true",
])  # fmt: skip
def test_a_prompt_waits_while_something_modal_is_open(opens, collector, site, visit):
    dialog = f"<dialog id=d tabindex=-1>Delete?</dialog>{PROMPT}<script>{opens}</script>"
    page = visit(site.page("$SCRIPT" + dialog), asked=False)
    page.wait_for_timeout(500)
    assert collector.requests == []
    page.evaluate("d.close(); d.ariaModal = null; document.querySelector('afterword-survey').inert = false")
    page.locator(PANEL).wait_for()


def test_a_prompt_steps_aside_for_a_drawer_and_comes_back(site, visit):
    page = visit(
        site.page(
            f"$SCRIPT{PROMPT}<div id=d role=dialog aria-modal=true hidden style='position:fixed;top:0'>Cart</div>"
        )
    )
    page.evaluate("d.hidden = false")
    page.locator(PANEL).wait_for(state="hidden")
    page.evaluate("d.hidden = true")
    page.locator(PANEL).wait_for()


def test_a_prompt_keeps_off_a_consent_banner(site, visit):
    banner = "<div class='CookieBanner' style='position:fixed;bottom:0;left:0;right:0;height:90px;background:#ddd'><button>Accept</button></div>"
    page = visit(site.page(f"$SCRIPT{PROMPT}{banner}"))
    page.wait_for_timeout(300)
    box = page.locator(PANEL).bounding_box()
    assert box["y"] + box["height"] <= 720 - 90
    page.get_by_role("button", name="Accept").click()


@pytest.mark.parametrize("style", ["visibility:hidden", "opacity:1;height:0;overflow:hidden"])
def test_what_cannot_be_seen_is_not_counted_as_shown(style, collector, site, visit):
    page = visit(
        site.page(f'$SCRIPT<div style="{style}"><afterword-survey token="nps.1"></afterword-survey></div>'),
        asked=False,
    )
    page.wait_for_timeout(1200)
    assert collector.events == []
    panel = page.locator(PANEL)
    assert not panel.count() or "hidden" in style or panel.evaluate("e => e.offsetParent !== undefined")


def test_what_is_covered_is_counted_once_it_is_not(collector, site, visit, soon):
    cover = "<div id=c style='position:fixed;inset:0;background:#fff;z-index:9'>Loading</div>"
    page = visit(site.page(f'$SCRIPT<afterword-survey token="nps.1"></afterword-survey>{cover}'))
    page.wait_for_timeout(900)
    assert collector.events == []
    page.evaluate("c.remove()")
    soon(page, lambda: collector.events == ["shown"])


def test_it_is_not_printed(site, visit):
    page = visit(site.survey('token="nps.1" mode="sheet"'))
    page.emulate_media(media="print")
    assert not page.locator(PANEL).is_visible()


def test_attributes_may_come_after_insertion_in_any_order(site, visit):
    page = visit(site.page("$SCRIPT<div id=a></div><div id=b></div>"), asked=False)
    bind = """(hosts) => { for (const [id, attributes] of hosts) { const e = document.createElement('afterword-survey');
        document.getElementById(id).append(e); for (const [k, v] of attributes) e.setAttribute(k, v) } }"""
    page.evaluate(bind, [["a", [["token", "nps.1"], ["mode", "popover"]]]])
    page.locator(f"#a {PANEL}.popover").wait_for()
    page.evaluate("a.remove()")
    page.evaluate(bind, [["b", [["touchpoint", "csat.2"], ["key", "aw_pk_x"]]]])
    page.locator(f"#b {PANEL}").wait_for()


def test_without_a_top_layer_no_card_clips_it(collector, site, visitor, soon):
    person = visitor(viewport={"width": 1000, "height": 700})
    person.context.add_init_script(
        "delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.popover"
    )
    card = f'<div style="transform:translateZ(0);width:200px;height:80px;overflow:hidden">{PROMPT}</div>'
    page = person.open(site.page("$SCRIPT" + card))
    page.locator(PANEL).wait_for()
    box: Any = page.locator(PANEL).bounding_box()
    assert min(box["x"], box["y"], 1000 - box["x"] - box["width"], 700 - box["y"] - box["height"]) >= 0
    page.locator(".choice").nth(9).click()
    soon(page, lambda: collector.answers("nps.1") == {"score": 9})
    assert collector.scripts == ["/widget/v1.js"]  # nothing of it waits for a part
    page.evaluate("document.querySelector('div > afterword-survey').remove()")
    page.wait_for_timeout(50)
    assert page.locator("afterword-survey").count() == 0


def test_typing_sets_off_no_shortcut_of_the_page(site, visit):
    heard = "<script>heard = []; addEventListener('keydown', ({key}) => heard.push(key))</script>"
    page = visit(site.page('$SCRIPT<afterword-survey token="short_text.1"></afterword-survey>' + heard))
    page.locator(PANEL + " input").focus()
    page.keyboard.type("say s/n")
    page.keyboard.press("Escape")
    assert page.evaluate("heard") == ["Escape"]


@pytest.mark.parametrize(
    "tag",
    [
        '<script type="module" src="$COLLECTOR/widget/v1.js"></script>',
        "<script>import('$COLLECTOR/widget/v1.js')</script>",
    ],
)
def test_a_module_finds_its_collector(tag, collector, site, visitor):
    person = visitor()
    person.context.route("**/widget/v1.js", lambda route: route.fulfill(
        body=site.script(), headers={"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}))  # fmt: skip
    page = person.open(site.page(tag + '<afterword-survey token="nps.1"></afterword-survey>'))
    page.locator(PANEL).wait_for()


def test_a_script_that_does_not_know_its_collector_says_so(collector, site, visitor):
    said: list[str] = []
    person = visitor()
    person.context.on("console", lambda message: said.append(message.text))
    page = person.open(site.page('<afterword-survey token="nps.1"></afterword-survey>'))
    page.add_script_tag(content=site.script())
    page.wait_for_timeout(300)
    assert said == ["afterword-survey: no `collector`"]
    assert collector.requests == []


def test_the_end_of_a_composition_sends_nothing(collector, site, visit):
    page = visit(site.survey('token="short_text.1"'))
    field = page.locator(PANEL + " input")
    field.fill("とうきょ")
    field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    page.wait_for_timeout(200)
    assert collector.posts == []


def test_enter_held_down_answers_one_question(collector, site, visit):
    page = visit(site.survey('token="nps.1"'))
    page.locator(PANEL + " input").first.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(12):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    comment = page.get_by_label("What went wrong?")
    comment.wait_for()
    assert comment.input_value() == ""
    assert [post["answers"] for post in collector.posts] == [{"score": 1}]


def test_the_focus_goes_back_to_where_the_prompt_was_opened(site, visit):
    opener = """<button id=b onclick="const e = document.createElement('afterword-survey'); e.setAttribute('token', 'nps.1');
        e.setAttribute('mode', 'popover'); document.body.append(e)">Feedback</button>"""
    page = visit(site.page("$SCRIPT" + opener), asked=False)
    page.locator("#b").focus()
    page.keyboard.press("Enter")
    page.locator(PANEL).wait_for()
    for key in ("Tab", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.get_by_label("What went wrong?").wait_for()
    page.wait_for_timeout(450)
    page.keyboard.type("fine")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Thank you!").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "b"


def test_at_four_hundred_percent_the_close_button_stays(site, visit):
    page = visit(
        site.survey('token="nps-de.1" mode="popover"', lang="de"), viewport={"width": 320, "height": 256}
    )
    page.locator(".choice").nth(9).click()
    page.locator(PANEL + " textarea").scroll_into_view_if_needed()
    box: Any = page.get_by_role("button", name="Schließen").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 256
