"""What may be offered beside the questions: "remind me later", and the way into a panel below the thank-you."""

import pytest

SCRIPTS = ["v1.js", "v1.ask.js"]
POPOVER = '<afterword-survey token="nps.1" mode="popover"></afterword-survey>'
HEARD = "<script>heard = []; for (const name of ['later', 'dismissed']) addEventListener('afterword:' + name, () => heard.push(name))</script>"


def page_with(script: str, element: str) -> str:
    return (
        f'<script src="$COLLECTOR/widget/{script}" async></script>{HEARD}<main><h1>Shop</h1>{element}</main>'
    )


@pytest.fixture
def offering(collector):
    """The collector offers both, in words of its own."""
    words = {**collector.survey({"token": ["nps.1"]})["words"], "later": "Remind me later"}
    join = {"url": "/j/token", "text": "May we ask you again now and then?"}
    collector.offers = {"offers": ["later", "join"], "join": join, "words": words}
    return collector


@pytest.mark.parametrize("script", SCRIPTS)
def test_later_is_a_way_out_that_is_no_refusal(script, offering, site, visit, violations, soon):
    page = visit(site.page(page_with(script, POPOVER)))
    later = page.get_by_role("button", name="Remind me later")
    later.wait_for()
    soon(page, lambda: offering.events == ["shown"])
    assert violations(page) == []
    assert later.bounding_box()["height"] >= 24
    later.click()
    soon(page, lambda: offering.events == ["shown", "later"])
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate("heard") == ["later"]
    page.evaluate("document.querySelector('afterword-survey').setAttribute('mode', 'sheet')")
    page.wait_for_timeout(600)
    assert page.get_by_role("dialog").count() == 0, "in this page it is not asked again"


def test_what_was_typed_before_it_is_not_sent(offering, site, visit, soon):
    offering.offers["questions"] = [{"id": "why", "kind": "comment", "text": "Why?", "max_length": 2000}]
    page = visit(site.page(page_with("v1.ask.js", POPOVER)))
    page.get_by_role("textbox").fill("Half a sentence")
    page.get_by_role("button", name="Remind me later").click()
    soon(page, lambda: offering.events[-1:] == ["later"])
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert offering.posts == []
    assert "abandoned" not in offering.events


def test_who_has_begun_is_not_asked_to_put_it_off(offering, site, visit, soon):
    page = visit(site.page(page_with("v1.js", POPOVER)))
    later = page.get_by_role("button", name="Remind me later")
    later.wait_for()
    page.locator(".choice").nth(9).click()
    soon(page, lambda: later.count() == 0)


def test_in_the_page_it_is_not_offered_and_nothing_is_fetched_where_nothing_is_offered(
    collector, site, visit
):
    page = visit(site.page(page_with("v1.ask.js", POPOVER)))
    assert page.get_by_role("dialog").is_visible()
    assert not any("later" in path or "join" in path for path in collector.scripts)


@pytest.mark.parametrize("mode", ["inline", "popover"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_way_into_a_panel_stands_below_the_thank_you(
    script, mode, offering, site, visit, violations, soon
):
    page = visit(site.page(page_with(script, POPOVER.replace("popover", mode))))
    assert page.get_by_role("link").count() == 0
    page.locator(".choice").nth(9).click()
    while page.locator("section:not(.locked) .send").is_visible():
        page.locator("section:not(.locked) .send").click()
    link = page.get_by_role("link", name="May we ask you again now and then?")
    link.wait_for()
    assert link.get_attribute("href") == f"{offering.url}/j/token"
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    assert violations(page) == []
    assert page.get_by_role("button", name="Remind me later").count() == 0


def test_a_prompt_with_a_way_into_a_panel_stays_until_it_is_closed(offering, site, visitor):
    offering.offers["questions"] = [
        {"id": "score", "kind": "ces", "text": "Easy?", "min": 1, "max": 7, "required": True}
    ]
    guest = visitor()
    guest.context.clock.install()
    page = guest.open(site.page(page_with("v1.js", POPOVER)))
    page.clock.run_for(2000)
    page.locator(".choice").nth(3).wait_for()
    page.clock.run_for(2000)
    page.locator(".choice").nth(3).click()
    page.get_by_role("link").wait_for()
    page.clock.run_for(30_000)
    assert page.get_by_role("link").is_visible()
    page.get_by_role("button", name="Close").click()
    assert page.get_by_role("dialog").count() == 0


def test_a_part_that_cannot_be_had_costs_nothing(offering, site, visit, soon):
    offering.missing |= {"v1.later.js", "v1.join.js"}
    page = visit(site.page(page_with("v1.ask.js", POPOVER)))
    page.locator(".choice").nth(9).click()
    soon(page, lambda: len(offering.posts) > 0)
