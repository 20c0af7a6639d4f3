"""From an insight to "recovered": it is done, days pass on which customers are happier, and its page says so."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector.insights import Recovery, recovery
from collector.kpis import Rollup

HAPPIER = {9: 18, 7: 4, 2: 3}
DAYS = 2


def _let_days_pass(dashboard: object) -> None:
    """Move the clock day by day, with happier answers on each, and let the job look."""
    with dashboard.sessions() as session:  # type: ignore[attr-defined]
        watched = session.scalars(select(Recovery)).one()
        for _day in range(DAYS):
            now = dashboard.time.move(days=1)  # type: ignore[attr-defined]
            session.add_all(
                Rollup(
                    workspace_id=watched.workspace_id, series_id=watched.series_id, touchpoint=watched.touchpoint,
                    journey=watched.journey, journey_version=1, channel="in_person", persona="", variant="",
                    source="solicited", respondent="customer", day=now.date(), score=score, metric=watched.metric, n=n,
                )
                for score, n in HAPPIER.items()
            )  # fmt: skip
            session.flush()
            while recovery.are_due(session, now):
                recovery.evaluate(session, now)
        session.commit()


def test_what_was_done_is_seen_to_have_helped(
    visit: Callable[..., Page],
    dashboard: object,
    violations: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], None],
) -> None:
    page = visit("/journeys/first-order")
    page.locator('[data-part="verdict"] form.act button').nth(1).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is worse than the rest")
    for name in ("Accept", "Begin work", "Mark as done"):
        page.get_by_role("button", name=name, exact=True).press("Enter")
    told = page.locator('[data-part="recovery"]')
    expect(told).to_contain_text("0 answers since it was done")
    _let_days_pass(dashboard)
    page.reload()
    expect(told).to_contain_text("Recovered:")
    expect(told).to_contain_text("95% interval")
    assert violations(page) == []
    shoot(page, "recovered-1280-light")
    told.get_by_role("link", name="done on").press("Enter")
    expect(page.locator(".chart .pin")).to_have_count(1)
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.go_back()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert violations(page) == []
