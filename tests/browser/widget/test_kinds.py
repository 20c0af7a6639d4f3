"""Every question kind: asked, answered by pointer, thanked, without an accessibility violation."""

import pytest

BY_CLICK = {
    "nps": (".choice >> nth=9", 9), "csat": (".choice >> nth=4", 5), "ces": (".choice >> nth=6", 7),
    "stars": (".choice >> nth=3", 4), "thumbs": (".choice >> nth=1", 0), "emotion": (".choice >> nth=0", -2),
    "goal": (".choice >> nth=1", "partly"), "single_choice": (".choice >> nth=2", "other"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BY_CLICK)
def test_a_click_answers(kind, collector, site, visit, violations, shoot, soon):
    token = f"{kind}.1"
    page = visit(site.survey(f'token="{token}"'), viewport={"width": 720, "height": 420})
    assert violations(page) == []
    shoot(page, f"kind-{kind}")
    target, value = BY_CLICK[kind]
    page.click(target)
    soon(page, lambda: collector.answers(token) == {"score": value})
    assert violations(page) == []


def test_several_choices_are_ticked_and_then_sent(collector, site, visit, violations, shoot, soon):
    page = visit(site.survey('token="multiple_choice.1"'), viewport={"width": 720, "height": 480})
    page.get_by_label("Something else").click()
    page.get_by_label("The price").click()
    assert violations(page) == []
    shoot(page, "kind-multiple_choice")
    assert collector.posts == []
    page.click(".send")
    soon(page, lambda: collector.answers("multiple_choice.1") == {"score": ["price", "other"]})
    page.get_by_label("What else?").fill("The queue")
    assert violations(page) == []
    page.wait_for_timeout(
        450
    )  # before that, an Enter may be the tail of the one that answered the question before
    page.keyboard.press("Enter")
    page.get_by_text("Thank you!").wait_for()
    assert collector.answers("multiple_choice.1") == {"score": ["price", "other"], "detail": "The queue"}
    assert collector.complete("multiple_choice.1")


@pytest.mark.parametrize(
    ("kind", "named", "value"),
    [("stars", "4 of 5", 4), ("thumbs", "No", 0), ("emotion", "Very good", 2), ("goal", "Partly", "partly")],
)
def test_where_its_pictures_cannot_be_had_it_is_asked_in_words(
    kind, named, value, collector, site, visit, violations, soon
):
    collector.missing = {"v1.extras.js"}
    page = visit(site.survey(f'token="{kind}.1"'), viewport={"width": 720, "height": 480})
    assert page.locator("afterword-survey svg").count() == 0
    assert violations(page) == []
    page.get_by_role("radio", name=named).click()
    soon(page, lambda: collector.answers(f"{kind}.1") == {"score": value})


def test_where_its_part_cannot_be_had_a_list_of_several_is_left_out(collector, site, visitor):
    collector.missing = {"v1.extras.js"}
    both = '<afterword-survey token="multiple_choice.1"></afterword-survey><afterword-survey token="nps.1"></afterword-survey>'
    page = visitor().open(site.page("$SCRIPT" + both))
    page.locator(".question").wait_for()
    assert page.locator(".choice").count() == 11


@pytest.mark.parametrize("kind", ["short_text", "comment"])
def test_a_text_is_typed_and_sent(kind, collector, site, visit, violations, shoot):
    page = visit(site.survey(f'token="{kind}.1"'), viewport={"width": 720, "height": 420})
    page.locator(".text").fill("  Opening hours ")
    assert violations(page) == []
    shoot(page, f"kind-{kind}")
    page.click(".send")
    page.get_by_text("Thank you!").wait_for()
    assert list(collector.answers(f"{kind}.1").values()) == ["Opening hours"]


@pytest.mark.parametrize(
    ("score", "prompt"), [(3, "What went wrong?"), (7, "What was missing?"), (10, "What did you like best?")]
)
def test_the_prompt_follows_the_band_of_the_score(score, prompt, site, visit):
    page = visit(site.survey('token="nps.1"'))
    page.locator(".choice").nth(score).click()
    page.get_by_label(prompt).wait_for()


def test_a_detractor_is_asked_for_the_reason(collector, site, visit):
    page = visit(site.survey('token="branching.1"'))
    page.locator(".choice").nth(2).click()
    page.get_by_text("What was the main reason?").wait_for()
    page.wait_for_timeout(450)
    page.get_by_role("radio", name="Something else").click()
    page.get_by_label("Which one?").fill("Parking")
    page.locator(".send:visible").click()
    page.get_by_label("What went wrong?").fill("No space")
    page.locator(".send:visible").click()
    page.get_by_text("Thank you!").wait_for()
    assert collector.answers("branching.1") == {
        "score": 2, "reason": "other", "detail": "Parking", "comment": "No space",
    }  # fmt: skip
    assert collector.scripts == ["/widget/v1.js"]  # nothing of it waits for a part


def test_a_promoter_is_not(site, visit):
    page = visit(site.survey('token="branching.1"'))
    page.locator(".choice").nth(9).click()
    page.get_by_label("What did you like best?").wait_for()
    assert page.get_by_text("What was the main reason?").count() == 0


def test_a_required_question_cannot_be_left_empty(collector, site, visit):
    page = visit(site.survey('token="short_text.1"'))
    page.click(".send")
    page.get_by_text("Please choose an answer.").wait_for()
    assert collector.posts == []


def test_nothing_at_all_is_no_answer(collector, site, visit):
    page = visit(site.survey('token="comment.1"'))
    page.click(".send")
    page.get_by_text("Please choose an answer.").wait_for()
    assert collector.posts == []
