"""How a page of the dashboard is answered: whole, or as the fragment that ``live.js`` asks for, with an ETag."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request

from collector import days, values, web
from collector.dashboard import period as periods
from collector.dashboard.common_scale import NET
from collector.dashboard.drawings import Drawings
from collector.dashboard.period import Period
from collector.dashboard.wording import Wording
from collector.responses import holding
from collector.workspaces import caller

FILTERS = ("answers", "journey", "touchpoint", "version", "channel", "persona", "attribute", "band", "topic", "owner", "q",
           "lang")  # fmt: skip
"""What stays in the address when another period is chosen."""


def workspace_id() -> uuid.UUID:
    return caller().workspace.workspace_id


def period(default: int = periods.DEFAULT_DAYS) -> Period:
    """The period that this request asks for."""
    return periods.read(request.args, web.now(), caller().company.timezone, default)


def text(name: str) -> str:
    """A word from the address, trimmed and of bearable length."""
    return request.args.get(name, "").strip()[:200]


def number(name: str) -> int | None:
    """A whole number from the address; None without one, or where it is none."""
    return values.whole(text(name))


def identifier(name: str) -> uuid.UUID | None:
    """The id of something from the address; None without one, or where it is none."""
    try:
        return uuid.UUID(text(name))
    except ValueError:
        return None


def pair(name: str) -> tuple[str, str] | None:
    """``key=value`` from the address; None without a key and a value."""
    key, _, value = (part.strip() for part in text(name).partition("="))
    return (key, value) if key and value else None


def show(template: str, **context: Any) -> Response:
    """The page; a fragment of it for the live script, answered 304 when nothing changed."""
    fragment = request.headers.get("X-Fragment") == "1"
    layout = "dashboard/fragment.html" if fragment else "base.html"
    html = render_template(f"dashboard/{template}", layout=layout, **_language(), **context)
    response = Response(html)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "X-Fragment, Cookie, Accept-Language"
    if fragment:
        response.set_etag(hashlib.sha256(html.encode()).hexdigest()[:32])
        response.make_conditional(request)
    return response


def _language() -> dict[str, Any]:
    wording = Wording(web.speaker())
    keep = [(name, request.args[name]) for name in ("days", "from", "to", "lang") if request.args.get(name)]
    query = "&".join(f"{name}={value}" for name, value in keep)
    filters = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return {
        "say": wording,
        "draw": Drawings(wording),
        "net": NET,
        "today": days.day_of(web.now(), wording.speaker.zone),
        "query": f"?{query}" if query else "",
        "filters": filters,
        "held": lambda: holding.counts(web.session(), workspace_id()),
        "filter_query": f"&{urlencode(filters)}" if filters else "",
    }
