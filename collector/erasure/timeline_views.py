"""A customer's timeline: ``GET /api/v1/customers/{customer}/timeline``, and its page. Each look is in the record."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, render_template, request
from marshmallow import Schema, fields

from collector import errors, journeys, web, workspaces
from collector.bodies import Moment
from collector.changes import record
from collector.erasure.timeline import Event, timeline
from collector.workspaces import caller, requires

api = web.Blueprint("timeline", __name__, url_prefix="/api/v1", description="What is known of one customer")
pages = Blueprint("timelines", __name__, template_folder="templates")


class EventOut(Schema):
    at = Moment()
    kind = fields.String(metadata={"enum": ["step", "ask", "answer", "outcome"]})
    touchpoint = fields.String()
    journey = fields.String(allow_none=True)
    said = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True))


class TimelineOut(Schema):
    customer = fields.String()
    events = fields.List(fields.Nested(EventOut))


@api.route("/customers/<customer>/timeline")
@requires("admin", "person")
@api.response(200, TimelineOut)
def get_timeline(customer: str) -> Any:
    """Everything that is known of a customer, the newest first: what they may ask for as their own data."""
    with workspaces.sight.unsealed(web.session()):  # theirs, whatever a run keeps from its readers
        pseudonym, events = _read(customer)
    if not events and not caller().scope.is_all:
        raise errors.NotFound("Nobody in your scope is known by this.", "unknown_customer")
    return {"customer": pseudonym, "events": [asdict(event) for event in events]}


@pages.get("/customers")
@requires("person")
def show_customer() -> Response:
    """The timeline as a page; the customer's id stands in the address only while it is looked up."""
    asked = request.args.get("customer", "").strip()[:256]
    pseudonym, events = _read(asked) if asked else ("", [])
    names = {key: key for key in {event.touchpoint for event in events}}
    if events:
        names |= _names()
    html = render_template(
        "erasure/customer.html", asked=asked, customer=pseudonym, events=events, names=names
    )
    return Response(html, headers={"Cache-Control": "private, no-store"})


def _names() -> dict[str, str]:
    found = journeys.touchpoints(web.session(), caller().company.workspace_id, limit=500).items
    return {each.key: each.label for each in found}


def digest(pseudonym: str) -> str:
    """Under what a customer stands in the record: found by whoever knows them, and nobody's after their erasure."""
    return hashlib.sha256(f"afterword/read/{pseudonym}".encode()).hexdigest()[:24]


def _read(customer: str) -> tuple[str, list[Event]]:
    """(pseudonym, events); who looked, and at whom, is in the record before it is shown."""
    who, now = caller(), web.now()
    names = workspaces.pseudonyms.names_of(web.session(), who.company, customer)
    pseudonym, found = names[0], (timeline(web.session(), who.company.workspace_id, name) for name in names)
    events = sorted((event for each in found for event in each), key=lambda event: event.at, reverse=True)
    if events:
        noted = (who.company.workspace_id, now, who.name, "read", "customer", digest(pseudonym))
        web.aside(lambda session: record(session, *noted))
    return pseudonym, events
