"""A product manager makes a run, watches it, reads the verdict and concludes it; it stays at the touchpoint."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector import workspaces
from collector.communities import runs

pytestmark = pytest.mark.browser
TOUCHPOINT = "order-confirmed"
LAST = Path(__file__).parents[1] / "screenshots" / "last"
Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture
def look(violations: Callable[[Page], list[str]]) -> Look:
    """Nothing wrong by axe-core, nothing beyond the width, and a picture to look at."""

    def call(page: Page, name: str) -> None:
        width = page.viewport_size["width"] if page.viewport_size else 0
        LAST.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=LAST / f"run-{name}-{width}.png", full_page=True)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    return call


def _answered(workshop: Any, customers: int) -> None:
    """So many customers finish an order, are asked by the run, and answer."""
    with workshop.sessions() as session:
        company = session.get(workspaces.Workspace, workshop.workspace_id)
        key = workspaces.mint_key(session, company, "server", "shop", workshop.time(), "tests").text
        session.commit()

    def post(path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        request = urllib.request.Request(workshop.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    triggers = [{"touchpoint": TOUCHPOINT, "customer": f"c-{n}"} for n in range(customers)]
    for number, decision in enumerate(post("/api/v1/triggers", {"triggers": triggers})["decisions"]):
        given = {"token": decision["invitation"]["token"], "response_id": str(uuid.uuid4()), "complete": True}
        post("/w/v1/responses", {**given, "answers": {"score": 5 if number % 6 else 2}})


def test_from_the_assumption_to_the_insight(workshop: Any, visit: Visit, look: Look) -> None:
    workshop.apply_example()
    page = visit("/runs")
    look(page, "none")
    page.fill("#name", "Clearer page")
    page.fill("#assumption", "Nearly all are satisfied with it.")
    page.select_option("#template", "csat")
    page.select_option("#touchpoint", TOUCHPOINT)
    page.fill("#value-1", "50")
    page.fill("#n", "20")
    page.click("text=Make the draft")
    expect(page.locator("h1")).to_have_text("Clearer page")
    expect(page.get_by_text("All of this is locked once it starts")).to_be_visible()
    look(page, "draft")
    page.click("text=Start it")
    expect(page.get_by_role("heading", name="Verdict: still collecting")).to_be_visible()
    _answered(workshop, 24)
    page.reload()
    expect(page.get_by_role("heading", name="Verdict: supported")).to_be_visible()
    expect(page.get_by_role("row", name="all 24")).to_contain_text("24")
    look(page, "running")
    page.click("text=Conclude it")
    expect(page.get_by_text("Runs › Concluded")).to_be_visible()
    look(page, "concluded")
    page.goto(f"{workshop.url}/insights")
    expect(page.get_by_text("Clearer page: supported").first).to_be_visible()


def test_a_draft_with_variants_and_cells_is_changed_in_the_page(
    workshop: Any, visit: Visit, look: Look
) -> None:
    workshop.apply_example()
    page = visit("/runs")
    page.fill("#name", "Two pages")
    page.select_option("#template", "csat")
    page.select_option("#touchpoint", TOUCHPOINT)
    page.fill("#variants", "Old page: 80, New page: 20")
    page.fill("#cell", "tariff")
    page.fill("#quotas", "gold: many")
    page.fill("#from", "2026-11-01")
    page.fill("#to", "2026-11-30")
    page.select_option("#kind-1", "difference")
    page.fill("#value-1", "15")
    page.click("text=More hypotheses")
    page.fill("#value-2", "60")
    page.locator("#variant-2").locator("xpath=ancestor::details[1]").locator("summary").click()
    page.fill("#variant-2", "New page")
    page.click("text=Make the draft")
    expect(page.locator("#problem")).to_contain_text("Say of each value how many answers")
    look(page, "wrong")
    page.fill("#quotas", "gold: 50, basic: 30")
    page.click("text=Make the draft")
    expect(page.locator("h1")).to_have_text("Two pages")
    page.fill("#quotas", "gold: 40, basic: 30")
    page.fill("#value-1", "20")
    page.click("text=Save the draft")
    expect(page.get_by_label("of each value")).to_have_value("gold: 40, basic: 30")
    expect(page.get_by_label("To, that day included")).to_have_value("2026-11-30")
    expect(page.get_by_label("showing them, by lot")).to_have_value("Old page: 80, New page: 20")
    look(page, "changed")
    page.click("text=Start it")
    expect(page.get_by_role("row", name="gold").first).to_contain_text("0 of 40")
    with workshop.sessions() as session:
        run = session.scalars(select(runs.StoredRun)).one()
        first, second = run.hypotheses
        assert (first["value"], first["variant"], first["against"]) == (20.0, "new-page", "old-page")
        assert (second["kind"], second["value"], second["variant"]) == ("threshold", 60.0, "new-page")
    page.goto(f"{workshop.url}/runs/two-pages?lang=de")
    look(page, "cells-german")


def test_on_a_phone_in_german(workshop: Any, visit: Visit, look: Look) -> None:
    workshop.apply_example()
    page = visit("/runs", viewport={"width": 360, "height": 740}, locale="de-DE")
    expect(page.locator("h1")).to_have_text("Läufe")
    look(page, "german")
