"""Is it alive, is it ready, and how far behind is the work in the background: ``/livez`` and ``/readyz``."""

from __future__ import annotations

import os
import shutil
from typing import Any

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.orm import Session

from collector import clock, errors, jobs, web

pages = Blueprint("health", __name__)
LEAST_FREE = 16 * 1024 * 1024
"""Bytes that must be free beside SQLite's file: the write-ahead log needs some before anything is stored."""


@pages.get("/livez")
@web.public
def livez() -> Any:
    return {"status": "alive"}


@pages.get("/readyz")
@web.public
def readyz() -> Any:
    """Ready to serve, which means to store; a job that is late is told and makes no collector unready, since every other shares it."""
    session = web.session()
    if not _takes_writes(session):
        raise errors.Unavailable("The database takes no answers now.", "takes_no_writes", retry_after=5)
    return {"status": "ready", "jobs": {each.name: _told(each) for each in jobs.states(session, web.now())}}


def _takes_writes(session: Session) -> bool:
    """Whether an answer could be stored: no read-only or standby PostgreSQL, room on the disk of SQLite's file.

    A look only, so that whoever asks every second holds up no writer.
    """
    url = session.connection().engine.url
    if url.get_backend_name() == "postgresql":
        return session.execute(text("SHOW transaction_read_only")).scalar() == "off"
    session.execute(text("SELECT 1"))
    folder = os.path.dirname(url.database or "") or "."
    return shutil.disk_usage(folder).free >= LEAST_FREE


def _told(state: jobs.State) -> dict[str, Any]:
    return {
        "last_success": clock.iso(state.succeeded_at, "seconds") if state.succeeded_at else None,
        "lag_seconds": None if state.lag is None else round(state.lag, 1),
        "failures": state.failures,
        "late": state.is_late,
    }
