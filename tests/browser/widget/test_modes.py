"""Where and when a survey shows itself, and how it leaves."""

import pytest

PANEL = "afterword-survey [part~=panel]"


@pytest.mark.parametrize("mode", ["popover", "sheet"])
def test_a_prompt_shows_without_taking_the_focus(mode, collector, site, visit, violations, shoot, soon):
    more = '<input id="search" aria-label="Search" style="position:fixed;top:8px;inset-inline-end:8px" autofocus>'
    page = visit(site.survey(f'token="nps.1" mode="{mode}"', more=more))
    page.wait_for_function(
        "document.activeElement.id == 'search'"
    )  # a loaded machine draws, and so focuses, late
    assert page.get_by_role("dialog", name="How likely is it").is_visible()
    assert violations(page) == []
    shoot(page, f"mode-{mode}")
    soon(page, lambda: collector.events == ["shown"])


@pytest.mark.parametrize("mode", ["popover", "sheet"])
def test_a_prompt_thanks_and_goes(mode, site, visit, violations, shoot):
    page = visit(site.survey(f'token="single_choice.1" mode="{mode}"'))
    page.get_by_role("radio", name="The price").click()
    page.get_by_text("Thank you!").wait_for()
    assert violations(page) == []
    shoot(page, f"mode-{mode}-thanks")
    page.mouse.move(5, 5)
    page.locator(PANEL).wait_for(state="detached", timeout=15000)


@pytest.mark.parametrize("way", ["button", "escape", "escape inside"])
def test_a_dismissal_is_told(way, collector, site, visit, soon):
    page = visit(site.survey('token="nps.1" mode="popover"'))
    soon(page, lambda: collector.events == ["shown"])  # what is sent away sooner was never seen
    if way == "button":
        page.get_by_role("button", name="Close").click()
    else:
        if way == "escape inside":
            page.locator(f"{PANEL} input").first.focus()
        page.keyboard.press("Escape")
    page.locator(PANEL).wait_for(state="detached")
    soon(page, lambda: collector.events == ["shown", "dismissed"])


def test_escape_in_the_hosts_own_field_is_the_hosts(site, visit):
    page = visit(site.survey('token="nps.1" mode="popover"', more='<input aria-label="Search" autofocus>'))
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert page.locator(PANEL).is_visible()


def test_the_focus_goes_back_to_where_it_was(site, visit):
    page = visit(site.survey('token="nps.1" mode="popover"', more='<button id="buy">Buy</button>'))
    page.focus("#buy")
    page.locator(f"{PANEL} input").first.focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "buy"


@pytest.mark.parametrize("mode", ["popover", "sheet"])
def test_a_prompt_steps_off_the_focused_field(mode, site, visit, shoot):
    field = '<input id="low" aria-label="City" style="position:fixed;bottom:30px;inset-inline-end:60px">'
    page = visit(site.survey(f'token="nps.1" mode="{mode}"', more=field))
    page.focus("#low")
    boxes = page.evaluate(f"""['{PANEL}', '#low'].map(q => {{
        const [host, part] = q.split(' ');
        return (part ? document.querySelector(host).shadowRoot.querySelector(part) : document.querySelector(q))
            .getBoundingClientRect().toJSON() }})""")
    assert boxes[0]["bottom"] <= boxes[1]["top"]
    shoot(page, f"mode-{mode}-beside-focus")


def test_a_prompt_that_can_only_cover_the_field_waits(site, visit):
    page = visit(
        site.survey(
            'token="nps.1" mode="popover"',
            more='<textarea id="all" style="position:fixed;inset:0;width:100%;height:100%"></textarea>',
        )
    )
    page.focus("#all")
    assert not page.locator(PANEL).is_visible()
    page.evaluate("document.activeElement.blur()")
    page.locator(PANEL).wait_for()


def test_a_delay_is_waited_for(collector, site, visit):
    page = visit(site.survey('token="nps.1" mode="popover" delay="1"'), asked=False)
    page.wait_for_timeout(500)
    assert collector.requests == []
    page.locator(".question").wait_for()


def test_it_shows_after_scrolling(collector, site, visit):
    page = visit(
        site.survey('token="nps.1" mode="popover" after-scroll="60"', more='<p style="height:4000px">'),
        asked=False,
    )
    page.wait_for_timeout(300)
    assert collector.requests == []
    page.mouse.wheel(0, 3000)
    page.locator(".question").wait_for()


def test_it_shows_when_the_pointer_leaves_at_the_top(collector, site, visit):
    page = visit(site.survey('token="nps.1" mode="popover" on-exit'), asked=False)
    page.evaluate("document.documentElement.dispatchEvent(new MouseEvent('mouseleave', {clientY: 300}))")
    page.wait_for_timeout(200)
    assert collector.requests == []
    page.evaluate("document.documentElement.dispatchEvent(new MouseEvent('mouseleave', {clientY: -1}))")
    page.locator(".question").wait_for()


def test_below_the_fold_nothing_is_asked_for_yet(collector, site, visit):
    url = site.page(
        '$SCRIPT<p style="height:3000px">story</p><afterword-survey token="nps.1"></afterword-survey>'
    )
    page = visit(url, asked=False)
    page.wait_for_timeout(300)
    assert collector.requests == []
    page.mouse.wheel(0, 5000)
    page.locator(".question").wait_for()


def test_one_survey_at_a_time(collector, site, visit):
    two = '<afterword-survey token="goal.1" mode="popover"></afterword-survey>'
    page = visit(site.survey('token="single_choice.1" mode="popover"', more=two))
    page.wait_for_timeout(300)
    assert page.locator(PANEL).count() == 1
    page.get_by_role("button", name="Close").click()
    page.locator("legend", has_text="Did you get done").wait_for()


def test_the_same_invitation_twice_is_asked_once(collector, site, visit):
    page = visit(
        site.survey(
            'token="single_choice.1"', more='<afterword-survey token="single_choice.1"></afterword-survey>'
        )
    )
    page.get_by_role("radio", name="The price").click()
    page.get_by_text("Thank you!").wait_for()
    page.wait_for_timeout(300)
    assert page.locator(PANEL).count() == 1
    assert len(collector.posts) == 1


def test_it_survives_a_client_side_navigation(collector, site, visit, soon):
    page = visit(site.survey('token="nps.1" mode="popover"'))
    soon(page, lambda: collector.events == ["shown"])  # what is left sooner was never seen
    page.locator(".choice").nth(9).click()
    page.evaluate("""() => { history.pushState({}, '', '/next'); const again = document.querySelector('afterword-survey').cloneNode();
        document.body.replaceChildren(again) }""")
    page.get_by_label("What did you like best?").wait_for()
    page.get_by_role("button", name="Close").click()
    page.evaluate("document.body.replaceChildren(document.querySelector('afterword-survey').cloneNode())")
    page.wait_for_timeout(300)
    assert page.locator(PANEL).count() == 0
    assert collector.events.count("shown") == 1
    assert collector.requests.count("GET /w/v1/survey") == 1
