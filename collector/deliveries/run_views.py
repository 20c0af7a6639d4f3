"""A run's invitations to its panel: who is enlisted, how far it is, and the links that the company sends itself."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Any

from flask import Response, render_template
from marshmallow import Schema, fields, validate

from collector import errors, invitations, journeys, web
from collector.bodies import Moment
from collector.changes import record
from collector.communities import panels, runs
from collector.deliveries import enlisting, qr, words
from collector.locale import direction
from collector.workspaces import caller, requires

api = web.Blueprint(
    "run_invitations", __name__, url_prefix="/api/v1", description="Runs asked of the members of a panel"
)
CSV = {"type": "string"}


class MembersWay(Schema):
    way = fields.String(required=True, validate=validate.OneOf(panels.asking.WAYS))


class RunProgress(Schema):
    waiting = fields.Integer(metadata={"description": "On the list, not asked yet"})
    invited = fields.Integer()
    opened = fields.Integer()
    started = fields.Integer()
    finished = fields.Integer()
    skipped = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "reason -> how many members were passed over"},
    )
    waiting_for = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "reason -> how many of those who wait may not be asked yet"},
    )
    next_turn = Moment(
        allow_none=True,
        metadata={"description": "When the first of them may be asked; null: nobody has to wait"},
    )


class MembersInvited(RunProgress):
    enlisted = fields.Integer(metadata={"description": "How many members this call has put on the list"})


@api.route("/runs/<key>/invitations", methods=["POST"])
@requires("admin", "editor")
@api.arguments(MembersWay)
@api.response(200, MembersInvited)
@api.alt_response(409)
def post_invitations(given: dict[str, Any], key: str) -> Any:
    """Ask a run's share of its panel, each member once; the worker asks those whose time has come."""
    run = demand_run(key)
    enlisted = enlist(run, given["way"])
    return {"enlisted": enlisted, **_progress(key)}


@api.route("/runs/<key>/invitations")
@requires("read", "admin", "person")
@api.response(200, RunProgress)
def get_invitations(key: str) -> Any:
    """How far a run is with its panel."""
    demand_run(key)
    return _progress(key)


@api.route("/runs/<key>/links.csv")
@requires("admin", "editor")
@api.alt_response(200, schema=CSV, content_type="text/csv", success=True)
def get_links(key: str) -> Response:
    """A link for each member whom a run asks by link: customer (a pseudonym) and link."""
    run = demand_run(key)
    return links_file(run)


def enlist(run: runs.Run, way: str) -> int:
    """Put members on the list; raises 409 where nothing can be sent by this way."""
    who = caller()
    return enlisting.enlist(web.session(), who.workspace, run, way, web.config(), who.name, web.now())


def links_file(run: runs.Run) -> Response:
    """The links as a file that a spreadsheet opens safely; who took it stands in the record first."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(("customer", "link"))
    writer.writerows((customer, link) for customer, link, _locale in links(run))
    response = Response(file.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{run.key}-links.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def codes_sheet(run: runs.Run) -> Response:
    """The links as QR codes to print, one for each member: for letters, and for hand-outs at a counter."""
    company = caller().company
    codes = [
        {
            "customer": customer,
            "code": qr.svg(link, customer, "m"),
            "locale": locale,
            "dir": direction(locale),
        }
        | {"scan": words.words(locale, company.name)["scan"]}
        for customer, link, said in links(run)
        for locale in [words.spoken(said or company.locale)]
    ]
    page = render_template("deliveries/codes.html", run=run, codes=codes, company=company.name)
    return Response(page, headers={"Cache-Control": "private, no-store"})


def links(run: runs.Run) -> list[tuple[str, str, str | None]]:
    """(pseudonym, link, language) of the members whom a run asks by link; that somebody has taken them stands in the record."""
    who, now, session = caller(), web.now(), web.session()
    workspace_id = who.company.workspace_id
    web.aside(lambda own: record(own, workspace_id, now, who.name, "exported", "run_links", run.key))
    found = []
    for customer, invitation_id in panels.asking.asked(session, workspace_id, run.key, "link"):
        row = session.get_one(invitations.Invitation, (workspace_id, invitation_id))
        link = f"{web.config().url}/s/{invitations.token_of(session, row, now)}"
        found.append((customer, link, row.locale))
    return found


def demand_run(key: str) -> runs.Run:
    """A run within the caller's scope; raises 404."""
    run = runs.run_by_key(web.session(), workspace_id=caller().company.workspace_id, key=key)
    if run is None or journeys.scoping.outside(web.session(), [run.touchpoint_key]):
        raise errors.NotFound("There is no such run.", "unknown_run")
    return run


def _progress(key: str) -> dict[str, Any]:
    workspace_id = caller().company.workspace_id
    return asdict(panels.progress(web.session(), workspace_id=workspace_id, run_key=key))
