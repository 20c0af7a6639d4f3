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
    soon(page, lambda: bool(collector.posts))
    page.wait_for_timeout(300)
    assert [post["answers"] for post in collector.posts] == [{"score": 2}]


def test_a_second_thought_changes_the_score_and_the_words_that_follow(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    page.locator(".choice").nth(2).click()
    page.get_by_label("What went wrong?").fill("Quick!")
    page.get_by_text("You can still change it.").wait_for()
    page.locator(".choice").nth(9).click()
    soon(page, lambda: collector.answers("nps.1") == {"score": 9})
    assert page.get_by_label("What did you like best?").input_value() == "Quick!"
    page.click(".send:visible")
    page.get_by_text("Thank you!").wait_for()
    assert collector.answers("nps.1") == {"score": 9, "comment": "Quick!"}
    assert len({post["response_id"] for post in collector.posts}) == 1


def test_a_single_question_may_be_thought_over_too(collector, site, visit, soon):
    page = visit(site.survey('token="single_choice.1"'))
    page.get_by_role("radio", name="The price").click()
    page.get_by_text("Thank you!").wait_for()
    page.locator(".choice").last.click()
    soon(page, lambda: len(collector.posts) == 2)
    assert (
        collector.posts[0]["answers"] != collector.posts[1]["answers"] == collector.answers("single_choice.1")
    )
    page.get_by_text("Thank you!").wait_for()


def test_the_thought_ends_after_thirty_seconds(collector, site, visitor, soon):
    person = visitor()
    page = person.context.new_page()
    page.clock.install()
    page.goto(site.survey('token="nps.1"'))
    page.locator(".question").wait_for()
    page.locator(".choice").nth(9).click()
    page.get_by_text("You can still change it.").wait_for()
    page.clock.fast_forward(31_000)
    assert not page.get_by_text("You can still change it.").is_visible()
    page.locator(".choice").nth(3).click(force=True)
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("radio", name="9 of 10", exact=True).is_checked()
    soon(page, lambda: bool(collector.posts))  # it has left the page, and is on its way
    assert [post["answers"] for post in collector.posts] == [{"score": 9}]


def test_a_thought_that_comes_too_late_is_taken_quietly(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1"'))
    page.locator(".choice").nth(9).click()
    page.get_by_text("Your answer is saved.").wait_for()
    collector.settled = True
    page.locator(".choice").nth(3).click()
    soon(page, lambda: len(collector.posts) == 2)
    page.get_by_label("What went wrong?").wait_for()
    page.wait_for_timeout(200)
    assert page.get_by_role("status").inner_text().startswith("Your answer is saved.")
    assert collector.answers("nps.1") == {"score": 9}


def test_what_a_key_has_sent_stands(collector, site, visit):
    page = visit(site.survey('token="nps.1"'))
    page.locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("Your answer is saved.").wait_for()
    page.locator(".choice").nth(3).click(force=True)
    assert page.get_by_role("radio", name="1 of 10", exact=True).is_checked()


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
    soon(page, lambda: "shown" in collector.events)
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
    collector.settled = True
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
    page.wait_for_function("log.length")  # seen for half a second; a quick hand answers before
    page.locator(".choice").nth(9).click()
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("log") == [
        ["shown", {}, False], ["answered", {"score": 9}, False], ["dismissed", {"score": 9}, False],
    ]  # fmt: skip


def test_what_is_being_typed_outlives_a_page_killed_in_the_background(collector, site, visitor, soon):
    url = site.survey('token="nps.1" storage')
    page = visitor().open(url)
    page.locator(".question").wait_for()
    page.locator(".choice").nth(9).click()
    page.get_by_text("Your answer is saved.").wait_for()
    page.get_by_label("What did you like best?").fill("typed on the train")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    assert collector.scripts == ["/widget/v1.js"]  # nothing of it waits for a part
    kept = page.evaluate("Object.entries(localStorage)")
    assert collector.answers("nps.1") == {"score": 9}
    later = visitor()
    later.context.add_init_script(f"for (const [k, v] of {json.dumps(kept)}) localStorage.setItem(k, v)")
    again = later.open(url)
    comment = again.get_by_label("What did you like best?")
    comment.wait_for()
    assert comment.input_value() == "typed on the train"
    again.click(".send:visible")
    again.get_by_text("Thank you!").wait_for()
    assert collector.answers("nps.1") == {"score": 9, "comment": "typed on the train"}
    assert again.evaluate("localStorage.length") == 0


def test_foreign_entries_in_the_storage_are_passed_over(collector, site, visitor, soon):
    person = visitor()
    kept = [
        f"{collector.url}/w/v1/responses",
        {"token": "nps.9", "response_id": "r", "answers": {"score": 3}, "complete": True},
    ]
    person.context.add_init_script(
        "localStorage.setItem('afterword:a', 'dark'); localStorage.setItem('afterword:b', '5'); localStorage.setItem('afterword:c', '\"text\"');"
        f"localStorage.setItem('afterword:d', {json.dumps(json.dumps(kept))})"
    )
    page = person.open(site.page("$SCRIPT<afterword-survey storage></afterword-survey>"))
    soon(page, lambda: collector.answers("nps.9") == {"score": 3})
    soon(page, lambda: page.evaluate("localStorage.getItem('afterword:d')") is None)
    assert page.evaluate("localStorage.getItem('afterword:a')") == "dark"
    assert collector.scripts == ["/widget/v1.js"]  # nothing of it waits for a part
