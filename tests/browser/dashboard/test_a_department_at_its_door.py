"""An administrator invites Operations; on her phone she finds what is hers to do, and the record says what she did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

PHONE = {"viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce", "has_touch": True}
Visit = Callable[..., Page]
WORDS = [("en", "falls by", "working on it"), ("de", "fällt der Wert um", "in Arbeit")]


def _invite(page: Page, address: str) -> str:
    """The link with which somebody of Operations opens their account."""
    page.fill("#email", address)
    page.get_by_label("what these own:").last.check()
    page.get_by_role("group", name="Owners").last.get_by_label("Operations").check()
    page.get_by_role("button", name="Make the link").click()
    secret = page.locator("#link").input_value().rpartition("/welcome/")[2]
    return f"{page.url.split('/people')[0]}/welcome/{secret}"


def _open_account(browser: Browser, link: str, language: str = "en", **options: Any) -> Page:
    page = browser.new_context(**{**PHONE, **options}).new_page()
    page.goto(link)
    page.fill("[name=name]", "Olga")
    page.select_option("[name=language]", language)
    page.fill("[name=password]", "a long enough password of Olga's")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk")
    return page


@pytest.mark.parametrize(("language", "falls", "working"), WORDS)
def test_operations_comes_in_by_link_and_does_what_is_hers(
    visit: Visit,
    browser: Browser,
    violations: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], None],
    language: str,
    falls: str,
    working: str,
) -> None:
    administrator = visit("/people")
    address = f"olga-{language}@example.com"
    olga = _open_account(browser, _invite(administrator, address), language)
    expect(olga.locator("html")).to_have_attribute("lang", language)
    expect(olga.locator(".verdict__line").first).to_contain_text(falls)
    shoot(olga, f"desk-phone-{language}")
    first = olga.locator(".voice", has=olga.get_by_role("button", name=working)).first
    said = first.locator(".voice__text").inner_text()
    first.get_by_role("button", name=working).focus()
    olga.keyboard.press("Enter")
    marked = olga.locator(".voice", has_text=said).first
    expect(marked.locator(".badge")).to_have_text(working)
    assert violations(olga) == []
    administrator.goto(administrator.url.split("/people")[0] + "/record")
    expect(administrator.locator("main")).to_contain_text(address)
    expect(administrator.locator("main")).to_contain_text("marked")
    olga.context.close()


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_at_the_doors(
    visit: Visit,
    browser: Browser,
    violations: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], None],
    dark: bool,
) -> None:
    scheme = "dark" if dark else "light"
    administrator = visit("/people", color_scheme=scheme)
    base = administrator.url.split("/people")[0]
    olga = _open_account(browser, _invite(administrator, f"{scheme}@example.com"), color_scheme=scheme)
    found = {}
    for page, path in (
        (administrator, "/company"),
        (administrator, "/people"),
        (administrator, "/customers"),
        (administrator, "/customers?customer=nobody"),
        (administrator, "/answers"),
        (administrator, "/answers?touchpoint=hotline&lang=de"),
        (olga, "/me"),
        (olga, "/desk"),
        (olga, "/desk?lang=de"),
    ):
        page.goto(base + path)
        if wrong := violations(page):
            found[path] = wrong
        if "?" not in path or path.startswith("/desk"):
            shoot(page, f"{path.strip('/').replace('?lang=', '-')}-{scheme}")
    assert found == {}
    assert olga.evaluate("document.documentElement.scrollWidth") <= 360
    olga.context.close()


@pytest.mark.parametrize("path", ["/record", "/erasures", "/me", "/people", "/answers?touchpoint=hotline"])
def test_an_administrator_does_it_on_a_phone_too(
    visit: Visit, violations: Callable[[Page], list[str]], path: str
) -> None:
    page = visit(path, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []


def test_the_company_page_fits_a_phone_and_makes_a_key(visit: Visit) -> None:
    page = visit("/company", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.fill("#key_name", "The wall in the hall")
    page.select_option("#kind", "read")
    page.get_by_role("button", name="Make the key").click()
    text = page.locator("#key").input_value()
    assert text.startswith("aw_rk_")
    page.goto(page.url)
    assert text not in page.content()
