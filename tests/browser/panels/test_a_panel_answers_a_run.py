"""A focus group in a real browser, from its file to the verdict of a run, in the demo's company.

Members are taken from a file, a run of theirs is made and started, mail invites them; one answers on a phone and leaves
afterwards, one leaves before she has opened it, the others answer; the verdict is read, and kept as an insight.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from collector.demo import seed
from tests.browser.panels.conftest import MEMBERS, Look, Place, bring_in_members, links
from tests.collector.deliveries.conftest import Mailbox

pytestmark = pytest.mark.browser


def start_a_run(page: Page, url: str, look: Look) -> None:
    """Make a run of the panel in the form, and start it."""
    page.goto(f"{url}/runs")
    page.get_by_label("What it is called").fill("New confirmation page")
    page.get_by_label("We assume that …").fill("Most are satisfied with it.")
    page.get_by_label("Question").select_option("csat")
    page.get_by_label("Touchpoint").select_option("renewal-confirmed")
    page.get_by_label("Journey").select_option("renewal")
    page.get_by_label("Members of the panel").select_option("testers")
    page.locator("#value-1").fill("50")
    page.get_by_label("Answers of each side").fill("20")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New confirmation page")
    look(page, "run-draft-1280")
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_role("heading", name="Verdict: still collecting")).to_be_visible()


def test_from_a_file_of_members_to_the_verdict(
    place: Place,
    mailbox: Mailbox,
    browser: Browser,
    signed_in_browser: Callable[..., BrowserContext],
    look: Look,
) -> None:
    desk = signed_in_browser(place.url, seed.EMAIL, seed.PASSWORD, viewport={"width": 1280, "height": 800})
    page = desk.new_page()
    bring_in_members(page, place.url, look)
    start_a_run(page, place.url, look)
    page.goto(f"{place.url}/panels/testers")
    page.get_by_label("How they hear of it").select_option("email")
    page.get_by_role("button", name="Invite the members").click()
    expect(page.get_by_text(f"{MEMBERS} waiting, 0 invited")).to_be_visible()
    place.work()
    assert len(mailbox.mails) == MEMBERS
    ada, bob = (links(mail) for mail in mailbox.mails[:2])

    phone = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    member = phone.new_page()
    member.goto(ada[0].partition("?")[0])
    with member.expect_response(lambda answer: answer.url.endswith("/w/v1/responses")) as stored:
        member.locator("afterword-survey").get_by_role("radio", name="Very satisfied").click()
    assert stored.value.ok
    expect(member.locator("afterword-survey").get_by_role("textbox")).to_be_visible()
    look(member, "answered-360")
    page.reload()
    expect(page.get_by_text(f"0 waiting, {MEMBERS} invited, 1 opened, 1 started")).to_be_visible()
    look(page, "asked-1280")

    for name, way in (("ada", ada), ("bob", bob)):
        member.goto(way[-1])
        look(member, f"leave-{name}-360")
        member.get_by_role("button", name="Yes, take me out").click()
        expect(member.get_by_role("heading", level=1)).to_have_text("Done. You have left the panel.")
    look(member, "left-360")
    member.goto(bob[0].partition("?")[0])
    expect(member.get_by_role("heading", level=1)).to_contain_text("You have left the panel")
    look(member, "too-late-360")
    page.goto(f"{place.url}/panels/testers")
    expect(page.get_by_text(f"{MEMBERS - 2} members · 2 have left")).to_be_visible()

    assert place.answer() == MEMBERS - 2
    page.goto(f"{place.url}/runs/new-confirmation-page")
    expect(page.get_by_role("heading", name="Verdict: supported")).to_be_visible()
    look(page, "run-1280")
    page.get_by_role("button", name="Conclude it").click()
    expect(page.get_by_text("Runs › Concluded")).to_be_visible()
    page.goto(f"{place.url}/touchpoints/renewal-confirmed")
    expect(page.get_by_role("row", name="New confirmation page")).to_contain_text("supported")
    look(page, "touchpoint-1280")
    page.goto(f"{place.url}/insights?touchpoint=renewal-confirmed")
    expect(page.get_by_text("New confirmation page: supported").first).to_be_visible()

    dark = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
    small = signed_in_browser(place.url, seed.EMAIL, seed.PASSWORD, **dark)
    narrow = small.new_page()
    narrow.goto(f"{place.url}/panels/testers?lang=de")
    expect(narrow.get_by_role("heading", name="Wozu Mitglieder zustimmen")).to_be_visible()
    look(narrow, "panel-360-dark-de")
    for context in (desk, phone, small):
        context.close()
