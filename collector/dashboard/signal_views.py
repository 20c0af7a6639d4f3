"""The pages of signals: the list, one signal, and the forms that mark, take up and set."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, redirect, request

from collector import errors, insights, journeys, signals, web
from collector.dashboard import signal_comments, signal_page
from collector.dashboard.pages import show, text, workspace_id
from collector.signals import Sentences, Signal, Wanted, reading, rules, settings
from collector.workspaces import caller, may_sign_in_only, requires

pages = Blueprint("signal_pages", __name__, template_folder="templates")


@pages.get("/signals")
@may_sign_in_only
def show_signals() -> Any:
    state, rule, touchpoint = text("state") or "open", text("kind"), text("touchpoint")
    states = [state] if state in rules.STATES else None
    wanted = Wanted(states, [rule] if rule in rules.RULES else None, [touchpoint] if touchpoint else None)
    found = signal_page.open_list(web.session(), workspace_id(), wanted)
    said = signal_comments.of(web.session(), workspace_id(), found)
    asked = {"state": state, "kind": rule, "touchpoint": touchpoint}
    return show("signals.html", rows=found, said=said, signals=_say(), rules=rules, **asked)


@pages.get("/signals/<uuid:signal_id>")
@may_sign_in_only
def show_signal(signal_id: uuid.UUID) -> Any:
    page = signal_page.open_signal(web.session(), workspace_id(), signal_id, web.speaker().zone, web.now())
    return show("signal.html", page=page, signals=_say())


@pages.post("/signals/<uuid:signal_id>/known")
@may_sign_in_only
def post_known(signal_id: uuid.UUID) -> Any:
    """Somebody knows: it is quiet until it is over and begins anew."""
    signals.know(web.session(), _signal(signal_id), caller().name, web.now())
    return redirect(f"/signals/{signal_id}", 303)


@pages.post("/signals/<uuid:signal_id>/insight")
@may_sign_in_only
def post_insight(signal_id: uuid.UUID) -> Any:
    """Make it an insight, which keeps its figures; the second click leads to the same one."""
    row = _signal(signal_id)
    insight = insights.take_up(web.session(), row, _say().title(row), caller().name, web.now())
    return redirect(f"/insights/{insight.insight_id}", 303)


@pages.get("/signals/settings")
@may_sign_in_only
def show_settings() -> Any:
    """What is signalled everywhere, and otherwise where."""
    wishes, touchpoint = settings.of(web.session(), workspace_id()), text("touchpoint")
    if touchpoint:
        journeys.touchpoint(web.session(), workspace_id(), touchpoint)
    return show("signal_settings.html", wishes=wishes, touchpoint=touchpoint, signals=_say(), rules=rules)


@pages.post("/signals/settings")
@requires("editor")
def post_settings() -> Any:
    """Say what is to be signalled, everywhere or at one touchpoint."""
    touchpoint, session, by, now = (
        request.form.get("touchpoint", "")[:64],
        web.session(),
        caller().name,
        web.now(),
    )
    if touchpoint:
        journeys.scoping.demand(session, [touchpoint])
    else:
        journeys.scoping.demand_everything(session)
    if request.form.get("as_everywhere") and touchpoint:
        settings.drop(session, workspace_id(), touchpoint, by, now)
    else:
        off = sorted(set(rules.RULES) - set(request.form.getlist("on")))
        settings.save(session, workspace_id(), touchpoint, off, _per_year(), by, now)
    return redirect("/signals/settings" + (f"?touchpoint={quote(touchpoint)}" if touchpoint else ""), 303)


def _per_year() -> float:
    try:
        return float(request.form.get("per_year", ""))
    except ValueError:
        fields = {"per_year": ["must be a number"]}
        raise errors.BadInput("Say a number of false alarms.", fields=fields) from None


def _signal(signal_id: uuid.UUID) -> Signal:
    return reading.get(web.session(), workspace_id(), signal_id)


def _say() -> Sentences:
    return signal_page.sentences(web.session(), workspace_id(), web.speaker())
