"""A first-click test in a real browser: the picture is uploaded and an area marked by dragging, members click with a mouse, a
thumb, keys and without a script, and the picture shows where.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from collector.demo import seed
from collector.responses import Response
from tests.browser.panels.conftest import MEMBERS, Look, Place, bring_in_members, links
from tests.collector.deliveries.conftest import Mailbox

pytestmark = pytest.mark.browser
DRAWING = """<body style="margin:0;font:20px sans-serif"><div style="background:#123b4d;color:#fff;padding:20px">Tarnwick
    <span style="float:right">Basket &nbsp; My tariff &nbsp; Help</span></div><h1 style="padding:40px">Welcome</h1>"""


def draft(page: Page, url: str, look: Look, picture: bytes) -> None:
    """Make the draft, give it its picture, and mark the area to hit by dragging over it."""
    page.goto(f"{url}/runs")
    page.get_by_label("What it is called").fill("Where is my tariff?")
    page.get_by_label("Question").select_option("first_click")
    page.get_by_label("What it is about").fill(
        "en: change your tariff; de: Ihren Tarif zu ändern; ar: تغيير تعرفتك"
    )
    page.get_by_label("Touchpoint").select_option("renewal-confirmed")
    page.get_by_label("Members of the panel").select_option("testers")
    page.locator("#value-1").fill("50")
    page.get_by_label("Answers of each side").fill("6")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_text("No picture yet.")).to_be_visible()
    look(page, "click-empty-1280")
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_role("alert")).to_contain_text("upload one first")
    file = {"name": "start.png", "mimeType": "image/png", "buffer": picture}
    page.get_by_label("Picture", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("What it shows, for those who do not see it").fill("The start page of Tarnwick")
    page.get_by_role("button", name="Save the picture").click()
    shown = page.get_by_role("img", name="The start page of Tarnwick")
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.02 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.97 * box["width"], box["y"] + 0.2 * box["height"], steps=4)
    page.mouse.up()
    page.get_by_label("Area 1").fill("Menu")
    page.get_by_role("button", name="Save the picture").click()
    expect(page.get_by_label("From the left 1")).to_have_value(re.compile(r"^(59|60|61)"))
    look(page, "click-draft-1280")
    page.get_by_role("button", name="Start it").click()
    expect(page.get_by_role("heading", name="Verdict: still collecting")).to_be_visible()


def at(page: Page, x: float, y: float, tap: bool = False) -> None:
    picture = page.locator("[type=image]")
    box = picture.bounding_box()
    assert box
    place = {"x": x * box["width"], "y": y * box["height"]}
    picture.tap(position=place) if tap else picture.click(position=place)  # type: ignore[arg-type]


def test_members_click_and_the_picture_shows_where(
    place: Place,
    mailbox: Mailbox,
    browser: Browser,
    signed_in_browser: Callable[..., BrowserContext],
    look: Look,
) -> None:
    artist = browser.new_page(viewport={"width": 900, "height": 500})
    artist.set_content(DRAWING)
    picture = artist.screenshot()
    artist.close()
    desk = signed_in_browser(place.url, seed.EMAIL, seed.PASSWORD, viewport={"width": 1280, "height": 800})
    page = desk.new_page()
    bring_in_members(page, place.url, look)
    draft(page, place.url, look, picture)
    page.goto(f"{place.url}/panels/testers")
    page.get_by_label("How they hear of it").select_option("email")
    page.get_by_role("button", name="Invite the members").click()
    place.work()
    tokens = [links(mail)[0].partition("?")[0] for mail in mailbox.mails]
    assert len(tokens) == MEMBERS
    assert all("/s/" in token for token in tokens)

    with browser.new_context(viewport={"width": 1280, "height": 800}) as mouse:
        member = mouse.new_page()
        faults: list[str] = []
        member.on("pageerror", lambda error: faults.append(str(error)))
        member.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        member.goto(tokens[0])
        expect(member.get_by_text("Where would you click to change your tariff?")).to_be_visible()
        expect(member.get_by_role("textbox")).to_be_hidden()
        look(member, "click-1280")
        at(member, 0.8, 0.1)
        expect(member.get_by_role("status")).to_have_text("Your click has arrived. Thank you!")
        look(member, "click-made-1280")
        member.get_by_role("textbox").fill("It is called so.")
        member.get_by_role("button", name="Send").click()
        expect(member.get_by_role("heading", level=1)).to_contain_text("Thank")
        member.goto(tokens[0])
        expect(member.locator("[type=image]")).to_have_count(0)
        assert faults == []

    phone = {"viewport": {"width": 390, "height": 740}, "has_touch": True, "color_scheme": "dark"}
    with browser.new_context(**phone) as thumb:  # type: ignore[arg-type]
        member = thumb.new_page()
        member.goto(f"{tokens[1]}?lang=de")
        expect(member.get_by_text("Wohin würden Sie klicken, um Ihren Tarif zu ändern?")).to_be_visible()
        look(member, "click-390-dark-de")
        at(member, 0.7, 0.08, tap=True)
        expect(member.get_by_role("status")).to_have_text("Ihr Klick ist angekommen. Vielen Dank!")
        member.goto(f"{tokens[1]}?lang=de")  # away, and back: the click stays, and only the reason is asked
        expect(member.locator("[type=image]")).to_have_count(0)
        expect(member.get_by_text("Möchten Sie uns sagen, warum?")).to_be_visible()
        member.goto(f"{tokens[2]}?lang=ar")
        look(member, "click-390-dark-ar")

    with browser.new_context(viewport={"width": 1280, "height": 800}) as keys:
        member = keys.new_page()
        member.goto(tokens[2])
        member.locator("[type=image]").focus()
        member.keyboard.press("Enter")  # has no place: opens the other way
        expect(member.get_by_label("From the left, in percent")).to_be_focused()
        for _ in range(30):
            member.keyboard.press("ArrowRight")
        expect(member.get_by_label("From the left, in percent")).to_have_value("80")
        member.keyboard.press("Tab")
        member.keyboard.press("Home")
        for _ in range(10):
            member.keyboard.press("ArrowRight")
        look(member, "click-keys-1280")
        member.keyboard.press("Tab")
        member.keyboard.press("Enter")
        expect(member.get_by_role("status")).to_contain_text("Your click has arrived.")

    with browser.new_context(java_script_enabled=False, viewport={"width": 600, "height": 800}) as plain:
        member = plain.new_page()
        member.goto(tokens[3])
        member.locator("[type=image]").click(position={"x": 90, "y": 250})
        expect(member.get_by_text("Would you like to tell us why?")).to_be_visible()
        expect(member.locator("[type=image]")).to_have_count(0)

    with browser.new_context(viewport={"width": 1280, "height": 800}) as lost:
        member = lost.new_page()
        member.goto(tokens[4])
        member.route(
            "**/w/v1/responses", lambda route: route.abort()
        )  # the connection goes as the click is made
        at(member, 0.25, 0.5)
        expect(member.get_by_role("textbox")).to_be_visible()
        member.get_by_role("button", name="Send").click()
        expect(member.get_by_role("heading", level=1)).to_contain_text("Thank")
        member.unroute_all()
        member.goto(tokens[5])
        at(member, 0.75, 0.1)
        expect(member.get_by_role("status")).to_contain_text("Your click has arrived.")

    with place.sessions() as session:
        rows = session.scalars(
            select(Response).where(Response.run.is_not(None)).order_by(Response.received_at)
        )
        given = [row.answers["click"] for row in rows if "click" in row.answers]
    wanted = [(0.8, 0.1), (0.7, 0.08), (0.8, 0.1), (0.1, 0.5), (0.25, 0.5), (0.75, 0.1)]
    for answer, (x, y) in zip(given, wanted, strict=True):
        assert (answer["x"], answer["y"]) == (pytest.approx(x, abs=0.01), pytest.approx(y, abs=0.01))
    assert [("ms" in answer) for answer in given] == [True, True, True, False, True, True]

    page.goto(f"{place.url}/runs/where-is-my-tariff")
    expect(page.get_by_text("6 people have clicked.")).to_be_visible()
    expect(page.locator(".clicks__dot")).to_have_count(6)
    expect(page.locator(".clicks__dot--hit")).to_have_count(4)
    expect(page.get_by_role("row", name="Menu")).to_contain_text("4")
    look(page, "click-results-1280")
    small = signed_in_browser(place.url, seed.EMAIL, seed.PASSWORD, viewport={"width": 390, "height": 740}, color_scheme="dark")  # fmt: skip
    narrow = small.new_page()
    narrow.goto(f"{place.url}/runs/where-is-my-tariff?lang=de")
    expect(narrow.get_by_text("6 Menschen haben geklickt.")).to_be_visible()
    look(narrow, "click-results-390-dark-de")
    for context in (desk, small):
        context.close()
