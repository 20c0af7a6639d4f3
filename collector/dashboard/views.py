"""The pages for people who are signed in: load, call, draw."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect

from collector import web
from collector.dashboard import comments, journey_page
from collector.dashboard.pages import period, show, workspace_id
from collector.workspaces import may_sign_in_only

pages = Blueprint("dashboard", __name__, template_folder="templates")


@pages.get("/")
@may_sign_in_only
def show_start() -> Any:
    return redirect("/journeys", 303)


@pages.get("/journeys/<key>")
@may_sign_in_only
def show_journey(key: str) -> Any:
    page = journey_page.open_journey(web.session(), workspace_id(), key, period())
    wanted = comments.Wanted(page.period, journey=key)
    last = comments.latest(web.session(), workspace_id(), wanted)
    return show("journey.html", page=page, comments=last)
