"""The pages for people who are signed in: load, call, draw."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, request

from collector import days, errors, insights, journeys, locale, outcomes, results, web
from collector.dashboard import (
    board_page,
    comments,
    desk_page,
    insight_page,
    journey_page,
    map_file,
    marks,
    outcomes_page,
    owner_page,
    paths_page,
    signal_page,
    sources,
    statements,
    topics_page,
    touchpoint_page,
    unassigned,
)
from collector.dashboard.drawings import Drawings
from collector.dashboard.pages import identifier, number, pair, period, show, text, workspace_id
from collector.dashboard.sources import VIEWS, Chosen
from collector.dashboard.wording import Wording
from collector.journeys import CHANNELS, Touchpoint
from collector.kpis import BANDS, METRICS, drivers
from collector.workspaces import caller, may_sign_in_only, requires, visits

pages = Blueprint("dashboard", __name__, template_folder="templates")
RECENT, SEARCHED = 8, 50


@pages.get("/")
@may_sign_in_only
def show_start() -> Any:
    """The desk of whoever has a scope; the board for everyone else."""
    return redirect("/journeys" if caller().scope.is_all else "/desk", 303)


@pages.get("/desk")
@may_sign_in_only
def show_desk() -> Any:
    owners, today = caller().scope.stored, days.day_of(web.now(), web.speaker().zone)
    person = caller().person
    last = visits.last(person, web.now()) if person else None
    page = desk_page.open_desk(web.session(), workspace_id(), owners, period(), today, last)
    tasks = insight_page.tasks(web.session(), workspace_id(), owners, today)
    cards = insight_page.mine(web.session(), workspace_id(), owners, today)
    late = sum(each.overdue for each in tasks)
    told = signal_page.mine(web.session(), workspace_id(), page.names)
    say = signal_page.sentences(web.session(), workspace_id(), web.speaker())
    new = {
        "comments": page.new,
        "signals": sum(desk_page.is_since(row.raised_at, last) for row in told),
        "insights": sum(desk_page.is_since(card.row.created_at, last) for card in cards),
        "actions": sum(desk_page.is_since(each.action.created_at, last) for each in tasks),
    }
    lists = {
        "last": last,
        "new": new,
        "tasks": tasks,
        "cards": cards,
        "late": late,
        "told": told,
        "signals": say,
    }
    return show("desk.html", page=page, names=page.names, period=period(), **lists)


@pages.post("/desk/comments/<uuid:response_id>")
@may_sign_in_only
def post_mark(response_id: uuid.UUID) -> Any:
    """Say how far the department is with a comment."""
    marks.mark(
        web.session(), workspace_id(), response_id, request.form.get("state", ""), caller().name, web.now()
    )
    return redirect("/desk#voices", 303)


@pages.get("/journeys")
@may_sign_in_only
def show_board() -> Any:
    search, owner = text("q"), text("owner") or None
    rows = board_page.open_board(web.session(), workspace_id(), period(), search, owner)
    owners = journeys.stakeholders(web.session(), workspace_id())
    return show("board.html", rows=rows, owners=owners, chosen_owner=owner, search=search, period=period())


@pages.get("/journeys/<key>")
@may_sign_in_only
def show_journey(key: str) -> Any:
    view = text("answers") if text("answers") in journey_page.VIEWS else ""
    page = journey_page.open_journey(web.session(), workspace_id(), key, period(), view)
    names = {step.at.touchpoint.key: step.at.label for step in page.steps if step.at.touchpoint}
    chosen = sources.of_journey(page.period, key, names, view)
    last = comments.latest(web.session(), workspace_id(), chosen, RECENT)
    return show(
        "journey.html",
        page=page,
        comments=last,
        names=names,
        drivers=_drivers(page),
        unassigned=_unassigned(),
        marked=insights.reading.count_by_touchpoint(web.session(), workspace_id()),
        may_edit=caller().may_edit,
    )


def _drivers(page: journey_page.JourneyPage) -> drivers.Drivers | None:
    """What goes with the journey's score, None where nobody was asked about it."""
    if page.score is None or page.view:
        return None
    window, zone = page.period.window, page.period.zone
    return drivers.drivers(
        web.session(), workspace_id(), window, zone, page.journey.key, page.score.metric.key
    )


@pages.get("/journeys/<key>/paths")
@may_sign_in_only
def show_paths(key: str) -> Any:
    journeys.scoping.demand_all_figures(web.session())
    page = paths_page.open_paths(web.session(), workspace_id(), key, period(), web.now())
    return show("paths.html", page=page)


@pages.get("/journeys/<key>/outcomes")
@may_sign_in_only
def show_outcomes(key: str) -> Any:
    """What came of it: outcomes and other systems' figures along a journey; who is unmatched, to administrators."""
    journeys.scoping.demand_all_figures(web.session())
    page = outcomes_page.open_outcomes(web.session(), workspace_id(), key, period(), web.now())
    sees_unmatched = caller().is_administrator and caller().scope.is_all
    unmatched = (
        outcomes.reading.listed(web.session(), workspace_id(), None, True, "", RECENT)
        if sees_unmatched
        else None
    )
    return show("outcomes.html", page=page, unmatched=unmatched)


@pages.get("/wall/<key>")
@may_sign_in_only
def show_wall(key: str) -> Any:
    page = journey_page.open_journey(web.session(), workspace_id(), key, period())
    return show("wall.html", page=page)


@pages.get("/touchpoints")
@may_sign_in_only
def show_touchpoints() -> Any:
    search, channel = text("q"), text("channel") or None
    page = owner_page.open_places(
        web.session(), workspace_id(), period(), search, channel, number("page") or 1
    )
    return show(
        "touchpoints.html", page=page, period=period(), search=search, channel=channel, channels=CHANNELS
    )


@pages.get("/touchpoints/<key>")
@may_sign_in_only
def show_touchpoint(key: str) -> Any:
    chosen = Chosen(
        period(),
        text("journey") or None,
        (key,),
        text("channel") or None,
        text("persona") or None,
        version=number("version"),
        attribute=pair("attribute"),
        view=text("answers") if text("answers") in VIEWS else "",
    )
    page = touchpoint_page.open_touchpoint(web.session(), workspace_id(), key, chosen)
    words, band = text("q"), text("band") if text("band") in BANDS else None
    topic = identifier("topic")
    among = topics_page.answers_of(web.session(), workspace_id(), chosen, topic) if topic else None
    found = (
        []
        if page.comments_hidden
        else comments.latest(web.session(), workspace_id(), chosen, SEARCHED, band, words, among)
    )
    names = {key: page.touchpoint.label}
    beyond = bool(journeys.scoping.outside(web.session(), [key]))
    plain = not chosen.narrowings and chosen.version is None and chosen.channel is None
    stated = statements.about_touchpoint(web.session(), workspace_id(), period(), key) if plain else None
    told = signal_page.mine(web.session(), workspace_id(), [key]) if plain else []
    say = signal_page.sentences(web.session(), workspace_id(), web.speaker())
    return show(
        "touchpoint.html", page=page, comments=found, names=names, search=words, band=band, beyond=beyond,
        stated=stated, topic=topic, told=told, signals=say, run_words=results.Words(web.speaker(), names),
        runs=results.reading.runs_at(web.session(), workspace_id(), key),
    )  # fmt: skip


@pages.get("/owners")
@may_sign_in_only
def show_owners() -> Any:
    page = owner_page.open_owners(web.session(), workspace_id(), period())
    return show("owners.html", page=page, period=period())


@pages.get("/owners/<key>")
@may_sign_in_only
def show_owner(key: str) -> Any:
    owner, places = owner_page.open_owner(web.session(), workspace_id(), key, period())
    own = tuple(place.touchpoint.key for place in places)
    last = comments.latest(web.session(), workspace_id(), Chosen(period(), touchpoints=own), RECENT)
    found = journeys.list_journeys(web.session(), workspace_id(), owner=key, limit=500).items
    names = {place.touchpoint.key: place.touchpoint.label for place in places}
    stated = statements.about_owners(web.session(), workspace_id(), period(), [key])
    return show(
        "owner.html", owner=owner, places=places, comments=last, names=names, period=period(), found=found,
        stated=stated,
    )  # fmt: skip


@pages.get("/unassigned")
@may_sign_in_only
def show_unassigned() -> Any:
    strays = unassigned.strays(web.session(), workspace_id())
    owners = journeys.stakeholders(web.session(), workspace_id())
    return show("unassigned.html", strays=strays, owners=owners, channels=CHANNELS)


@pages.post("/unassigned")
@requires("editor")
def post_unassigned() -> Any:
    """Define the touchpoint under which something waits; from now on it counts."""
    form = request.form
    owners = (form["owner"],) if form.get("owner") else ()
    wanted = Touchpoint(form.get("key", ""), form.get("name", ""), form.get("channel", ""), owners=owners)
    journeys.save(web.session(), workspace_id(), wanted, None, caller().name, web.now())
    return redirect("/unassigned", 303)


@pages.get("/definitions")
@may_sign_in_only
def show_definitions() -> Any:
    return show("definitions.html", metrics=METRICS.values())


@pages.post("/language")
@may_sign_in_only
def post_language() -> Any:
    """Remember the language that a person wants to read."""
    person, wanted = caller().person, request.form.get("language", "")
    if person is None or wanted not in locale.LANGUAGES:
        raise errors.BadInput("There is no such language.", fields={"language": ["unknown"]})
    person.locale = wanted
    return redirect("/", 303)


@pages.get("/journeys/<key>/map.svg")
@may_sign_in_only
def get_map(key: str) -> Response:
    page = journey_page.open_journey(web.session(), workspace_id(), key, period())
    drawings = Drawings(Wording(web.speaker()))
    response = Response(map_file.draw(page, drawings), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _unassigned() -> int:
    return sum(stray.total for stray in unassigned.strays(web.session(), workspace_id()))
