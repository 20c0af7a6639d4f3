"""Every page can host it: strict policies, hostile styles, old browsers, frameworks that move nodes."""

import subprocess
from pathlib import Path

import pytest

WIDGET = Path(__file__).parents[3] / "widget"
STRICT = "default-src 'none'; script-src 'self' $COLLECTOR; connect-src $COLLECTOR; require-trusted-types-for 'script'; trusted-types 'none'"
REFUSED = "refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective))"
FACE = "e => [...e.querySelectorAll('.face')].map(f => JSON.stringify([f.offsetHeight, getComputedStyle(f).fontSize, getComputedStyle(f).textTransform]))"


def answered(page, collector, soon, token="nps.1"):
    page.locator(".choice").nth(9).click()
    soon(page, lambda: collector.answers(token) == {"score": 9})


@pytest.mark.parametrize("mode", ["inline", "popover"])
def test_req_058_the_strictest_policy(mode, collector, site, visitor, soon, shoot):
    url = site.page(
        f'<main><h1>Bank</h1>$SCRIPT<afterword-survey mode="{mode}" token="nps.1"></afterword-survey></main>',
        Content_Security_Policy=STRICT,
    )
    person = visitor()
    person.context.add_init_script(REFUSED)
    page = person.open(url)
    page.locator(".question").wait_for()
    page.wait_for_timeout(450)
    assert page.locator(".row").evaluate("e => getComputedStyle(e).display") == "grid"
    shoot(page, f"strict-policy-{mode}")
    answered(page, collector, soon)
    assert [name for name in page.evaluate("refused") if name != "img-src"] == []


def test_a_sandboxed_frame(collector, site, visit, soon):
    site.page('$SCRIPT<afterword-survey token="nps.1" storage></afterword-survey>', "/inner")
    page = visit(
        site.page(
            f'<iframe title="survey" sandbox="allow-scripts" src="{site.url}/inner" width="600" height="500"></iframe>'
        ),
        asked=False,
    )
    frame = page.frame_locator("iframe")
    frame.locator(".question").wait_for()
    page.wait_for_timeout(450)
    frame.locator(".choice").nth(9).click()
    soon(page, lambda: collector.answers("nps.1") == {"score": 9})
    frame.locator(".send:visible").click()
    frame.get_by_text("Thank you!").wait_for()


@pytest.mark.parametrize("rule", [
    "* { all: unset !important }",
    "* { font-size: 3px !important; text-transform: uppercase !important; line-height: 0 !important; letter-spacing: 9px !important; color: #ff0 !important }",
    "input, label, fieldset, div, span { display: none !important; position: static !important }",
])  # fmt: skip
def test_hostile_styles(rule, collector, site, visit, soon, shoot):
    calm = visit(site.page("$SCRIPT<afterword-survey token='nps.calm'></afterword-survey>", "/calm"))
    page = visit(
        site.page(
            "<h1>Shop</h1>$SCRIPT<afterword-survey token='nps.1'></afterword-survey>",
            head=f"<style>{rule}</style>",
        )
    )
    assert page.locator(".panel").evaluate(FACE) == calm.locator(".panel").evaluate(FACE)
    if "unset" in rule:
        shoot(page, "hostile-styles")
    answered(page, collector, soon)


def test_our_styles_stay_in(site, visit):
    page = visit(
        site.page(
            "$SCRIPT<label class='choice face'>mine</label><afterword-survey token='nps.1'></afterword-survey>"
        )
    )
    assert page.locator("body > label").evaluate("e => getComputedStyle(e).borderStyle") == "none"


def test_storage_that_throws(collector, site, visitor, soon):
    person = visitor()
    person.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })"
    )
    page = person.open(site.survey('token="nps.1" storage'))
    page.locator(".question").wait_for()
    page.wait_for_timeout(450)
    answered(page, collector, soon)


@pytest.mark.parametrize(
    "missing", ["delete window.customElements", "delete Document.prototype.adoptedStyleSheets"]
)
def test_a_browser_that_cannot_is_left_alone(missing, collector, site, visitor):
    person = visitor()
    person.context.add_init_script(missing)
    page = person.open(site.survey('token="nps.1"'))
    page.wait_for_timeout(300)
    assert collector.requests == []
    assert page.get_by_text("Order number 991").is_visible()


def test_the_script_twice_is_the_script_once(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"', more="$SCRIPT$SCRIPT"))
    answered(page, collector, soon)
    soon(page, lambda: collector.events == ["shown"])


def test_the_collector_is_down(collector, site, visit):
    collector.failing = True
    page = visit(site.survey('token="nps.1"'), asked=False)
    page.wait_for_timeout(400)
    assert page.get_by_text("Order number 991").is_visible()
    assert page.locator("[part~=panel]").count() == 0


def test_a_moved_node_keeps_its_answer(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1" mode="popover"', more="<div id='there'></div>"))
    page.locator(".choice").nth(9).click()
    page.evaluate("there.append(document.querySelector('afterword-survey'))")
    page.get_by_label("What did you like best?").fill("Quick!")
    page.click(".send:visible")
    page.get_by_text("Thank you!").wait_for()
    assert collector.requests.count("GET /w/v1/survey") == 1


def test_a_removed_node_leaves_nothing(collector, site, visit):
    page = visit(site.survey('token="nps.1" mode="popover"'))
    page.evaluate("document.querySelector('afterword-survey').remove()")
    page.wait_for_timeout(100)
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert "dismissed" not in collector.events


REACT = """
import { createElement as h, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
function Shop() {
  const [turned, turn] = useState(false);
  const items = [h("p", { key: "a" }, "Order"), h("afterword-survey", { key: "s", token: "nps.1" })];
  return h("main", {}, h("button", { onClick: () => turn(!turned) }, "turn"), turned ? items.reverse() : items);
}
createRoot(document.getElementById("root")).render(h(StrictMode, {}, h(Shop)));
"""


def bundled(source: str) -> str:
    """A script for the browser from one that imports from the widget's development packages."""
    command = [
        WIDGET / "node_modules/.bin/esbuild",
        "--bundle",
        "--format=iife",
        '--define:process.env.NODE_ENV="production"',
    ]
    return subprocess.run(
        command, input=source, cwd=WIDGET, capture_output=True, text=True, check=True
    ).stdout


def test_react_moves_it(collector, site, visit, soon):
    page = visit(site.page('$SCRIPT<div id="root"></div>'), asked=False)
    page.add_script_tag(content=bundled(REACT))
    page.locator(".question").wait_for()
    page.wait_for_timeout(450)
    page.locator(".choice").nth(9).click()
    page.get_by_role("button", name="turn").click()
    page.get_by_label("What did you like best?").fill("Quick!")
    page.click(".send:visible")
    page.get_by_text("Thank you!").wait_for()
    assert collector.answers("nps.1") == {"score": 9, "comment": "Quick!"}
    assert collector.requests.count("GET /w/v1/survey") == 1


def test_htmx_swaps_it(collector, site, visit, soon):
    survey = '<afterword-survey token="nps.1" mode="popover"></afterword-survey>'
    site.page(f"<main id='m'><p>Second view</p>{survey}</main>", "/second")
    page = visit(
        site.page(
            f"$SCRIPT<main id='m'><button hx-get='/second' hx-target='#m' hx-select='#m' hx-swap='outerHTML'>next</button>{survey}</main>"
        )
    )
    page.add_script_tag(path=WIDGET / "node_modules/htmx.org/dist/htmx.min.js")
    page.locator(".choice").nth(9).click()
    page.evaluate("htmx.process(document.body)")
    page.get_by_role("button", name="next").click()
    page.get_by_text("Second view").wait_for()
    page.get_by_label("What did you like best?").wait_for()
    assert collector.answers("nps.1") == {"score": 9}
    soon(page, lambda: collector.events == ["shown"])
