"""The asking plan in the browser: which share of a journey's ways is asked at which step, and what that brings."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from sqlalchemy.orm import Session

from collector import errors, journeys, surveys, values, web
from collector.invitations import plan_page
from collector.invitations.forecast import forecast
from collector.journeys import Journey, Stop, VersionFacts
from collector.workspaces import caller, may_sign_in_only, requires

pages = Blueprint("asking_plans", __name__, template_folder="templates")


@pages.get("/journeys/<key>/edit/asking")
@may_sign_in_only
def show_plan(key: str) -> Response:
    return _page(key)


@pages.post("/journeys/<key>/edit/asking")
@requires("editor")
def save_plan(key: str) -> Any:
    """A new version of the journey with this plan, unless it changed meanwhile."""
    session, form = web.session(), request.form
    read_at = values.whole(form.get("version", "")) or 0
    try:
        stops, asked, at_end = _asking(session, _workspace(), key, web.now())
        found = plan_page.places(stops, asked, at_end)
        before = journeys.get(session, _workspace(), key).asking
        wanted = journeys.edit.set_facts(asking=plan_page.read(form, before, found, stops))
        journeys.change_journey(session, _workspace(), key, read_at, wanted, caller().name, web.now())
    except (errors.BadInput, errors.Conflict, errors.Stale) as problem:
        return _page(key, problem, form)
    return redirect(f"/journeys/{key}/edit/asking?saved", 303)


def _page(
    key: str, problem: errors.AfterwordError | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    session, now = web.session(), web.now()
    journey = journeys.get(session, _workspace(), key)
    stops, asked, at_end = _asking(session, _workspace(), key, now)
    known = forecast(session, _workspace(), key, stops[-1][1] if stops else None, now)
    page = render_template(
        "invitations/plan.html",
        journey=journey,
        names=_names(journey),
        rows=plan_page.rows(journey.asking, stops, asked, at_end, known),
        days=known.days,
        goals=plan_page.GOALS,
        typed=typed or {},
        mode=(typed or {}).get("mode", journey.asking.mode),
        problem=problem,
        saved="saved" in request.args,
        may_edit=caller().may_edit and journey.archived_at is None,
    )
    return Response(page, problem.status if problem else 200, {"Cache-Control": "private, no-store"})


def _asking(
    session: Session, workspace_id: uuid.UUID, key: str, now: datetime
) -> tuple[list[Stop], set[str], bool]:
    """A journey's stops, the touchpoints among them that ask now, and whether its end does."""
    version: VersionFacts | None = journeys.find_journey(session, workspace_id, key)
    stops = list(version.stops) if version else []
    switches = journeys.feedback_switches(session, workspace_id)
    passed = {touchpoint for _, touchpoint in stops if switches.get(touchpoint)}
    bound = surveys.bound(session, workspace_id, passed)
    asked = surveys.running_at(bound, key, now) & passed
    return stops, asked, surveys.asks_at_end(bound, key, now)


def _names(journey: Journey) -> dict[str, str]:
    return {step.key: step.name for step in journey.steps}


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
