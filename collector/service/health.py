"""Is it alive, is it ready, and how far behind is the work in the background: ``/livez`` and ``/readyz``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from sqlalchemy import text

from collector import clock, jobs, web

pages = Blueprint("health", __name__)


@pages.get("/livez")
@web.public
def livez() -> Any:
    return {"status": "alive"}


@pages.get("/readyz")
@web.public
def readyz() -> Any:
    """Ready to serve; a job that is late is told and makes no collector unready, since every other shares it."""
    session = web.session()
    session.execute(text("SELECT 1"))
    return {"status": "ready", "jobs": {each.name: _told(each) for each in jobs.states(session, web.now())}}


def _told(state: jobs.State) -> dict[str, Any]:
    return {
        "last_success": clock.iso(state.succeeded_at, "seconds") if state.succeeded_at else None,
        "lag_seconds": None if state.lag is None else round(state.lag, 1),
        "failures": state.failures,
        "late": state.is_late,
    }
