"""Is it alive, is it ready: ``/livez`` and ``/readyz``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from sqlalchemy import text

from collector import web

pages = Blueprint("health", __name__)


@pages.get("/livez")
@web.public
def livez() -> Any:
    return {"status": "alive"}


@pages.get("/readyz")
@web.public
def readyz() -> Any:
    web.session().execute(text("SELECT 1"))
    return {"status": "ready"}
