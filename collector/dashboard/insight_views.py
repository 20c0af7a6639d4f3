"""The pages of insights: the board, one insight, and the forms that file, move and mend."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request

from collector import days, errors, insights, journeys, values, web
from collector.dashboard import insight_page, report_page
from collector.dashboard.board_page import all_touchpoints
from collector.dashboard.pages import show, text, workspace_id
from collector.dashboard.wording import Wording
from collector.insights import Cited, Insight, Task, Thought, doing, reading
from collector.workspaces import caller, may_sign_in_only

pages = Blueprint("insight_pages", __name__, template_folder="templates")
LONGEST = {"title": 200, "text": 5000, "reason": 500, "result": 5000, "url": 2000, "person": 254}


@pages.get("/insights")
@may_sign_in_only
def show_board() -> Any:
    owner, touchpoint = text("owner") or None, text("touchpoint") or None
    board = insight_page.open_board(web.session(), workspace_id(), owner, touchpoint, _today())
    owners = journeys.stakeholders(web.session(), workspace_id())
    names = all_touchpoints(web.session(), workspace_id())
    place = names[touchpoint].label if touchpoint in names else touchpoint
    return show(
        "insights.html", board=board, owners=owners, chosen_owner=owner, touchpoint=touchpoint, place=place
    )


@pages.get("/report")
@may_sign_in_only
def show_report() -> Any:
    """A quarter that is over, for the board: in the company's language and zone unless the address says otherwise."""
    session, company = web.session(), caller().company
    journeys.scoping.demand_all_figures(session)
    web.speak(caller().workspace.locale)
    quarter = insights.quarters.finished(text("quarter"), _today())
    page = report_page.open_report(session, workspace_id(), quarter, _today(), company.timezone)
    return show("report.html", page=page, names=page.names)


@pages.get("/insights/new")
@may_sign_in_only
def show_new() -> Any:
    """The form for a thought of one's own; the address may say where it is."""
    return _new({name: text(name) for name in ("touchpoint", "journey", "title")})


@pages.post("/insights")
@may_sign_in_only
def post_insight() -> Any:
    """File an insight from wherever somebody saw what hurts."""
    if not _said("title") and not _said("kind") and not _said("cites"):
        return _new(request.form.to_dict(), missing=True)
    row = insights.file(web.session(), workspace_id(), _thought(), caller().name, web.now())
    return redirect(f"/insights/{row.insight_id}", 303)


@pages.get("/insights/<uuid:insight_id>")
@may_sign_in_only
def show_insight(insight_id: uuid.UUID) -> Any:
    page = insight_page.open_insight(web.session(), workspace_id(), insight_id, _today())
    return show("insight.html", page=page)


@pages.post("/insights/<uuid:insight_id>")
@may_sign_in_only
def post_edit(insight_id: uuid.UUID) -> Any:
    """Change its title, its text or its owners."""
    given: dict[str, Any] = {"title": _said("title"), "text": _said("text")}
    if chosen := request.form.getlist("owners"):
        given["owners"] = chosen
    insights.edit(web.session(), _insight(insight_id), given, caller().name, web.now())
    return _back(insight_id, "state-title")


@pages.post("/insights/<uuid:insight_id>/state")
@may_sign_in_only
def post_state(insight_id: uuid.UUID) -> Any:
    """Move it on; somebody who saw an older state is told."""
    row, by, now = _insight(insight_id), caller().name, web.now()
    state = request.form.get("state", "")
    insights.move(web.session(), row, state, by, now, _said("was") or None, _said("reason"))
    return _back(insight_id, "state-title")


@pages.post("/insights/<uuid:insight_id>/follow-ups")
@may_sign_in_only
def post_follow_ups(insight_id: uuid.UUID) -> Any:
    """Ask the unhappy who agreed to be contacted once more."""
    insights.following_up.enlist(web.session(), _insight(insight_id), caller().name, web.now())
    return _back(insight_id, "follow-up")


@pages.post("/insights/<uuid:insight_id>/comments")
@may_sign_in_only
def post_comment(insight_id: uuid.UUID) -> Any:
    insights.comment(web.session(), _insight(insight_id), _said("text"), caller().name, web.now())
    return _back(insight_id, "talk")


@pages.post("/insights/<uuid:insight_id>/links")
@may_sign_in_only
def post_link(insight_id: uuid.UUID) -> Any:
    row, by = _insight(insight_id), caller().name
    insights.attach(web.session(), row, _said("url"), _said("title"), by, web.now())
    return _back(insight_id, "links")


@pages.post("/insights/<uuid:insight_id>/actions")
@may_sign_in_only
def post_action(insight_id: uuid.UUID) -> Any:
    """Plan an action."""
    due = _day("due")
    if due is None:
        raise errors.BadInput("Say until when.", fields={"due": ["must be a day"]})
    task = Task(_said("title"), request.form.get("owner", ""), due, _said("person"), _day("remind"))
    doing.add(web.session(), _insight(insight_id), task, caller().name, web.now())
    return _back(insight_id, "actions")


@pages.post("/insights/<uuid:insight_id>/actions/<uuid:action_id>")
@may_sign_in_only
def post_done(insight_id: uuid.UUID, action_id: uuid.UUID) -> Any:
    """End an action with what came of it, or open it again."""
    row = doing.get(web.session(), _insight(insight_id), action_id)
    given = {"state": request.form.get("state", ""), "result": _said("result") or row.result}
    doing.change(web.session(), row, given, caller().name, web.now())
    return _back(insight_id, "actions")


def _new(said: dict[str, str], missing: bool = False) -> Any:
    session, owners = web.session(), journeys.stakeholders(web.session(), workspace_id())
    places = sorted(all_touchpoints(session, workspace_id()).values(), key=lambda each: each.label.lower())
    return show("insight_new.html", said=said, places=places, owners=owners, missing=missing)


def _thought() -> Thought:
    """What a form files; a verdict's figures are gathered by its kind, place and days."""
    touchpoint, before = _said("touchpoint") or None, _said("before") or None
    cites = [_uuid(each) for each in request.form.getlist("cites") if each]
    cited = _cited(touchpoint) if _said("kind") else None
    kept = insights.gather(web.session(), workspace_id(), cited) if cited else None
    title = _said("title") or _title(cited, touchpoint, before)
    owners = request.form.getlist("owners") or None
    journey = _said("journey") or None
    return Thought(title, touchpoint, before, journey, _said("text"), owners, kept, cites)


def _cited(touchpoint: str | None) -> Cited:
    first, last, kind = _day("from"), _day("to"), _said("kind")
    known = ("handover", "touchpoint", "period", "channel", "segment")
    if first is None or last is None or first > last or not touchpoint or kind not in known:
        raise errors.BadInput(
            "Say which verdict is meant.", fields={"kind": ["or its days or place are missing"]}
        )
    part = {"channel": _said("channel") or None, "group": _said("group")}
    return Cited(kind, _said("journey"), touchpoint, first, last, **part)  # type: ignore[arg-type]


def _title(cited: Cited | None, touchpoint: str | None, before: str | None) -> str:
    """What an insight is called until somebody says it better."""
    wording, names = Wording(web.speaker()), all_touchpoints(web.session(), workspace_id())
    here, there = (names[key].label if key in names else key or "" for key in (touchpoint, before))
    if cited is None:
        return wording._("An unhappy customer at “%(name)s”", name=here)
    if cited.kind == "handover":
        return wording._("Customers lose from “%(before)s” to “%(after)s”", before=there, after=here)
    if cited.kind == "channel":
        channel = wording.channel(cited.channel)
        return wording._("“%(name)s”: %(channel)s is worse than the rest", name=here, channel=channel)
    if cited.kind == "segment":
        group = cited.group.removeprefix("persona=").removeprefix("attribute.").replace("=", " = ")
        return wording._(
            "“%(name)s”: the group %(group)s is worse off than the others", name=here, group=group
        )
    if cited.kind == "period":
        return wording._("“%(name)s” has fallen", name=here)
    return wording._("“%(name)s” is worse than the rest of the journey", name=here)


def _insight(insight_id: uuid.UUID) -> Insight:
    return reading.get(web.session(), workspace_id(), insight_id)


def _back(insight_id: uuid.UUID, part: str = "") -> Any:
    return redirect(f"/insights/{insight_id}" + (f"#{part}" if part else ""), 303)


def _said(name: str) -> str:
    return request.form.get(name, "").strip()[: LONGEST.get(name, 200)]


def _day(name: str) -> date | None:
    """A day from the form; None for what is none."""
    try:
        day = date.fromisoformat(_said(name))
    except ValueError:
        return None
    return day if values.in_calendar(day) else None


def _uuid(said: str) -> uuid.UUID:
    try:
        return uuid.UUID(said)
    except ValueError:
        raise errors.NotFound("There is no such response.", "unknown_response") from None


def _today() -> date:
    return days.day_of(web.now(), web.speaker().zone)
