"""The asking part: a page where nothing is pending pays for the question alone; the rest comes when it is needed."""

from hashlib import sha256
from pathlib import Path

import pytest

PANEL = "afterword-survey [part~=panel]"
ASK = '<script src="$COLLECTOR/widget/v1.ask.js" async></script>'
CUSTOMER = '<afterword-survey customer="nps.1" mode="popover"></afterword-survey>'
STRICT = (
    "default-src 'none'; connect-src $COLLECTOR; require-trusted-types-for 'script'; trusted-types 'none'"
)

SCRIPTS = Path(__file__).parents[3] / "collector/static/widget"
STAMPED = [sha256(file.read_bytes()).hexdigest()[:16] for file in SCRIPTS.glob("*.js")]


def answered(page, collector, soon, token="nps.1", value=9):
    page.locator(PANEL).wait_for()
    page.wait_for_timeout(450)  # a fresh question takes a click for the tail of a double click
    page.locator(".choice").nth(9 if value == 9 else 0).click()
    soon(page, lambda: collector.answers(token) == {"score": value})


def parts(collector):
    return [path.removeprefix("/widget/") for path in collector.scripts]


def test_where_nothing_is_pending_nothing_more_is_fetched(collector, site, visit, soon):
    page = visit(site.page(ASK + CUSTOMER.replace("nps.1", "nobody.1")), asked=False)
    soon(page, lambda: collector.requests == ["GET /w/v1/survey"])
    page.wait_for_timeout(200)
    assert parts(collector) == ["v1.ask.js"]


def test_what_shows_a_survey_comes_once_for_all_of_a_page(collector, site, visitor, soon):
    inline = '<afterword-survey token="csat.2"></afterword-survey>'
    page = visitor().open(site.page(ASK + CUSTOMER + inline))
    answered(page, collector, soon)
    page.locator(".send:visible").click()
    page.keyboard.press("Escape")
    page.get_by_text("satisfied").first.wait_for()
    ask, show = parts(collector)
    assert ask == "v1.ask.js"
    assert len(show.removeprefix("v1.").removesuffix(".js")) == 16


@pytest.mark.parametrize(("scripts", "nonce"), [("$COLLECTOR", ""), ("'nonce-n'", "n"), ("'nonce-n' 'strict-dynamic'", "n")])  # fmt: skip
def test_the_strictest_policies(scripts, nonce, collector, site, visitor, soon):
    tag = f'<script src="$COLLECTOR/widget/v1.ask.js" nonce="{nonce}"></script>'
    policy = f"{STRICT}; script-src {scripts}"
    answered(visitor().open(site.page(tag + CUSTOMER, Content_Security_Policy=policy)), collector, soon)


@pytest.mark.parametrize(
    "tag",
    [
        '<script type="module" src="$COLLECTOR/widget/v1.ask.js"></script>',
        "<script>import('$COLLECTOR/widget/v1.ask.js')</script>",
    ],
)
def test_a_module_finds_its_parts(tag, collector, site, visitor, soon):
    answered(visitor().open(site.page(tag + CUSTOMER)), collector, soon)


def test_a_collector_under_a_path(collector, site, visitor, soon):
    tag = ASK.replace("/widget", "/feedback/widget")
    answered(visitor().open(site.page(tag + CUSTOMER)), collector, soon)


def test_after_an_upgrade_the_collectors_own_part_serves(collector, site, visitor, soon):
    collector.missing = {f"v1.{stamp}.js" for stamp in STAMPED}
    answered(visitor().open(site.page(ASK + CUSTOMER)), collector, soon)
    assert parts(collector)[-1] == "v1.show.js"


def test_without_the_showing_part_the_page_goes_on_and_the_next_survey_tries_anew(
    collector, site, visitor, soon
):
    person, away = visitor(), "**/widget/v1.*.js*"
    page = person.context.new_page()
    page.on("pageerror", lambda error: person.errors.append(str(error)))
    page.goto(site.page(CUSTOMER.replace("></", "><a href='/s/nps.1'>Tell us</a></")))
    page.add_script_tag(url=collector.url + "/widget/v1.ask.js")
    person.context.route(away, lambda route: route.abort())
    soon(page, lambda: collector.requests == ["GET /w/v1/survey"])
    page.wait_for_timeout(2500)
    assert page.get_by_role("link", name="Tell us").is_visible()
    person.context.unroute(away)
    page.evaluate(
        """() => { const e = document.createElement('afterword-survey'); e.setAttribute('token', 'nps.1');
        document.body.append(e) }"""
    )
    answered(page, collector, soon)


def test_the_rarer_kinds_come_when_they_are_asked(collector, site, visitor, soon):
    page = visitor().open(site.page(ASK + '<afterword-survey token="thumbs.1"></afterword-survey>'))
    answered(page, collector, soon, "thumbs.1", 1)
    assert len(parts(collector)) == 3
    assert page.locator("afterword-survey svg").first.evaluate("e => getComputedStyle(e).fill") == "none"


def test_an_answer_that_waits_is_sent_by_the_next_page(collector, site, visitor, soon):
    person = visitor()
    page = person.open(site.page(ASK + '<afterword-survey token="nps.1" storage></afterword-survey>'))
    page.locator(PANEL).wait_for()
    page.wait_for_timeout(450)
    collector.failing = True
    page.locator(".choice").nth(9).click()
    page.get_by_text("Could not be sent yet").wait_for()
    page.close()
    collector.failing = False
    next_page = person.open(site.page(ASK + "<afterword-survey storage></afterword-survey>", "/next"))
    soon(next_page, lambda: collector.answers("nps.1") == {"score": 9})
    soon(next_page, lambda: next_page.evaluate("localStorage.length") == 0)


def test_without_a_top_layer_a_prompt_stands_at_the_start_of_the_body(collector, site, visitor, soon):
    person = visitor()
    person.context.add_init_script(
        "delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.popover"
    )
    page = person.open(site.page(ASK + CUSTOMER))
    answered(page, collector, soon)
    assert page.evaluate("document.body.firstElementChild.localName") == "afterword-survey"
