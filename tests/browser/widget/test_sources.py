"""Whom a survey asks, and what about."""


def test_a_known_customer_is_asked_what_is_pending(collector, site, visit, soon):
    page = visit(site.survey('customer="nps.customer" mode="popover"'))
    page.locator(".choice").nth(9).click()
    soon(page, lambda: collector.answers("nps.customer") == {"score": 9})


def test_volunteered_feedback_says_where_it_was_given(collector, site, visit, soon):
    url = site.survey('key="aw_pk_abc" touchpoint="thumbs" element="tariff-select"', path="/tariffs")
    page = visit(url + "?secret=1")
    page.get_by_role("radio", name="Yes").click()
    soon(page, lambda: collector.answers("thumbs") == {"score": 1})
    assert collector.posts[0]["context"] == {"element": "tariff-select", "url": "/tariffs"}


def test_react_may_say_publishable_key(collector, site, visit):
    page = visit(site.survey('publishable-key="aw_pk_abc" touchpoint="thumbs"'))
    assert page.get_by_text("Was this page helpful?").is_visible()


def test_nothing_to_ask_shows_nothing(collector, site, visit):
    page = visit(site.survey('token="unknown.1" mode="popover"'), asked=False)
    page.wait_for_timeout(400)
    assert collector.requests == ["GET /w/v1/survey"]
    assert page.locator("[part~=panel]").count() == 0
    assert collector.events == []


def test_why_nothing_is_shown_stands_on_the_console(collector, site, visitor, soon):
    why = "quarantine: all surveys wait 30 days"
    collector.why = {"Afterword_Why": why, "Access_Control_Expose_Headers": "Afterword-Why"}
    page, said = visitor().context.new_page(), []
    page.on("console", lambda message: said.append((message.type, message.text)))
    page.goto(site.survey('token="unknown.1" mode="popover"'))
    soon(page, lambda: ("warning", f"afterword-survey: {why}") in said)


def test_without_a_source_nothing_is_asked(collector, site, visit):
    page = visit(site.survey("mode=popover"), asked=False)
    page.wait_for_timeout(300)
    assert collector.requests == []


def test_the_pages_own_content_stands_until_there_is_a_question(collector, site, visit):
    fallback = (
        '$SCRIPT<afterword-survey token="unknown.1"><a href="/s/unknown.1">Tell us</a></afterword-survey>'
    )
    page = visit(site.page(fallback), asked=False)
    page.wait_for_timeout(400)
    assert page.get_by_role("link", name="Tell us").is_visible()


def test_the_collector_may_be_named_by_an_attribute(collector, site, visit):
    page = visit(site.page("<p>no script tag of the collector's</p>"), asked=False)
    page.add_script_tag(content=(site.script()))
    page.evaluate(
        """url => { const e = document.createElement('afterword-survey');
        e.setAttribute('collector', url); e.setAttribute('token', 'nps.1'); document.body.append(e) }""",
        collector.url,
    )
    page.locator(".question").wait_for()


def test_a_new_token_on_the_same_element_asks_anew(site, visit):
    page = visit(site.survey('token="nps.1"'))
    page.evaluate("document.querySelector('afterword-survey').setAttribute('token', 'goal.1')")
    page.get_by_text("Did you get done what you came for?").wait_for()
