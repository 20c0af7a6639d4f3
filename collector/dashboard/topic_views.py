"""The page of what customers say."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from collector import web
from collector.dashboard import topics_page
from collector.dashboard.pages import identifier, period, show, text, workspace_id
from collector.dashboard.sources import Chosen
from collector.journeys import CHANNELS
from collector.kpis import BANDS
from collector.workspaces import may_sign_in_only

pages = Blueprint("topic_pages", __name__, template_folder="templates")


@pages.get("/topics")
@may_sign_in_only
def show_topics() -> Any:
    """What customers say: of the company, a journey or a touchpoint."""
    touchpoint, band = text("touchpoint"), text("band")
    chosen = Chosen(
        period(), text("journey") or None, (touchpoint,) if touchpoint else None, text("channel") or None
    )
    page = topics_page.open_topics(
        web.session(), workspace_id(), chosen, band if band in BANDS else None, identifier("topic")
    )
    return show("topics.html", page=page, names=page.names, channels=CHANNELS)
