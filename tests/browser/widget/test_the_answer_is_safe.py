"""One answer, whatever happens: sent at the first click, kept while nobody listens, never doubled."""

import json

PREFLIGHT = "OPTIONS"


def test_the_first_click_sends_and_the_comment_joins(collector, site, visit, shoot, soon):
    page = visit(site.survey('token="nps.1"'), viewport={"width": 720, "height": 640})
    page.get_by_role("radio", name="9 of 10", exact=True).click()
    page.get_by_text("Your answer is saved.").wait_for()
    assert collector.answers("nps.1") == {"score": 9}
    assert not collector.complete("nps.1")
    shoot(page, "score-sent")
    page.get_by_label("What did you like best?").fill("Quick!")
    page.click(".send:visible")
    page.get_by_text("Thank you!").wait_for()
    shoot(page, "thanks")
    assert collector.answers("nps.1") == {"score": 9, "comment": "Quick!"}
    assert collector.complete("nps.1")
    assert len({post["response_id"] for post in collector.posts}) == 1


def test_a_message_says_how_it_was_asked(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    page.locator(".choice").nth(9).click()
    soon(page, lambda: bool(collector.posts))
    post = collector.posts[0]
    assert {key: post[key] for key in ("locale", "mode", "layout", "dir", "viewport")} == {
        "locale": "en", "mode": "inline", "layout": "horizontal", "dir": "ltr", "viewport": "wide",
    }  # fmt: skip
    assert "context" not in post


def test_no_preflight_no_cookie_and_no_third_party(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    page.locator(".choice").nth(9).click()
    soon(page, lambda: bool(collector.posts))
    assert not any(request.startswith(PREFLIGHT) for request in collector.requests)
    assert not any("Cookie" in headers for headers in collector.headers)
    assert page.context.cookies() == []
    assert page.evaluate(
        "performance.getEntriesByType('resource').every(e => e.name.startsWith($))".replace(
            "$", json.dumps(collector.url)
        )
    )
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_double_click_is_one_answer(collector, site, visit, soon):
    page = visit(site.survey('token="branching.1"'))
    page.locator(".choice").nth(2).dblclick()
    page.get_by_text("What was the main reason?").wait_for()
    page.wait_for_timeout(300)
    assert [post["answers"] for post in collector.posts] == [{"score": 2}]


def test_a_sent_score_stands(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    page.locator(".choice").nth(9).click()
    page.get_by_text("Your answer is saved.").wait_for()
    page.locator(".choice").nth(3).click(force=True)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(200)
    assert page.get_by_role("radio", name="9 of 10", exact=True).is_checked()
    assert [post["answers"] for post in collector.posts] == [{"score": 9}]


def test_an_answer_given_offline_arrives_when_the_network_is_back(
    collector, site, visit, violations, shoot, soon
):
    page = visit(site.survey('token="nps.1"'), viewport={"width": 720, "height": 640})
    page.context.set_offline(True)
    page.locator(".choice").nth(9).click()
    page.get_by_text("Could not be sent yet").wait_for()
    shoot(page, "offline")
    assert violations(page) == []
    page.get_by_label("What did you like best?").fill("Quick!")
    page.click(".send:visible")
    assert collector.posts == []
    page.context.set_offline(False)
    page.get_by_text("Thank you!").wait_for()
    assert collector.answers("nps.1") == {"score": 9, "comment": "Quick!"}


def test_a_failing_collector_is_tried_again_by_itself(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    collector.failing = True
    page.locator(".choice").nth(9).click()
    page.get_by_text("Could not be sent yet").wait_for()
    collector.failing = False
    soon(page, lambda: collector.answers("nps.1") == {"score": 9})


def test_the_person_may_ask_for_another_try(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    collector.failing = True
    page.locator(".choice").nth(9).click()
    retry = page.get_by_role("button", name="Try again")
    retry.wait_for()
    collector.failing = False
    retry.click()
    soon(page, lambda: collector.answers("nps.1") == {"score": 9})


def test_leaving_the_page_sends_what_was_typed(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    page.locator(".choice").nth(3).click()
    page.get_by_label("What went wrong?").fill("The queue")
    page.goto("about:blank")
    soon(page, lambda: collector.answers("nps.1") == {"score": 3, "comment": "The queue"})
    assert "abandoned" not in collector.events


def test_leaving_the_page_does_not_send_a_score_that_a_key_passed_over(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    page.locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    page.goto("about:blank")
    soon(page, lambda: "abandoned" in collector.events)
    assert collector.posts == []


def test_two_tabs_are_one_answer(collector, site, visitor, soon):
    url = site.survey('token="nps.1"')
    person = visitor()
    one, two = person.open(url), person.open(url)
    for tab in (one, two):
        tab.locator(".question").first.wait_for()
    one.wait_for_timeout(450)
    one.locator(".choice").nth(9).click()
    one.get_by_text("Your answer is saved.").wait_for()
    two.bring_to_front()
    two.locator(".choice").nth(2).click()
    soon(two, lambda: len(collector.posts) == 2)
    assert collector.answers("nps.1") == {"score": 9}
    assert len({post["response_id"] for post in collector.posts}) == 1


def test_a_reload_goes_on_where_the_person_was(collector, site, visit):
    page = visit(site.survey('token="nps.1"'))
    page.locator(".choice").nth(9).click()
    page.get_by_text("Your answer is saved.").wait_for()
    page.reload()
    page.get_by_label("What did you like best?").fill("Quick!")
    page.click(".send:visible")
    page.get_by_text("Thank you!").wait_for()
    assert collector.answers("nps.1") == {"score": 9, "comment": "Quick!"}


def test_with_leave_to_store_an_answer_outlives_the_page(collector, site, visit, soon):
    url = site.survey('token="nps.1" storage')
    page = visit(url)
    collector.failing = True
    page.locator(".choice").nth(9).click()
    page.get_by_text("Could not be sent yet").wait_for()
    page.goto(site.page("elsewhere", "/elsewhere"))
    collector.failing = False
    page.goto(site.page("$SCRIPT<afterword-survey storage></afterword-survey>", "/next"))
    soon(page, lambda: collector.answers("nps.1") == {"score": 9})
    soon(page, lambda: page.evaluate("localStorage.length") == 0)


def test_a_preset_score_waits_for_the_person(collector, site, visit, violations, shoot):
    page = visit(site.survey('token="nps.1" score="9"'), viewport={"width": 720, "height": 480})
    page.get_by_role("button", name="Send 9").wait_for()
    assert violations(page) == []
    assert collector.posts == []
    shoot(page, "preset")
    page.get_by_role("button", name="Send 9").click()
    page.get_by_text("Your answer is saved.").wait_for()
    assert collector.answers("nps.1") == {"score": 9}


def test_the_page_hears_of_it(site, visit):
    more = "<script>log = []; for (const e of ['shown', 'answered', 'dismissed'])"
    more += " addEventListener('afterword:' + e, ({detail}) => log.push([e, detail.answers, detail.complete]))</script>"
    page = visit(site.survey('token="nps.1" mode="popover"', more=more))
    page.locator(".choice").nth(9).click()
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("log") == [
        ["shown", {}, False], ["answered", {"score": 9}, False], ["dismissed", {"score": 9}, False],
    ]  # fmt: skip
