"""Panels and their members over the API: ``communities`` and ``members``."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from collector import journeys, web, workspaces
from collector.changes import record
from collector.communities.panels import actions, contacts, links, listing, schemas, taking
from collector.communities.panels.joining import Consent
from collector.communities.panels.models import Panel
from collector.workspaces import caller, requires

api = web.Blueprint(
    "panels", __name__, url_prefix="/api/v1", description="Panels, and the customers in them by pseudonym"
)


@api.route("/communities")
@requires("read", "admin", "person")
@api.response(200, schemas.PanelsOut)
def get_communities() -> Any:
    """List the panels, each with how many are in it."""
    counts = actions.counts(web.session(), _workspace())
    found = actions.everyone(web.session(), _workspace())
    return {"communities": [_shown(row, counts.get(row.key, actions.Counts())) for row in found]}


@api.route("/communities", methods=["POST"])
@requires("admin", "editor")
@api.arguments(schemas.PanelIn)
@api.response(201, schemas.PanelWithConsents)
@api.alt_response(409)
def post_community(given: dict[str, Any]) -> Any:
    """Make a panel, with what its members agree to."""
    journeys.scoping.demand_everything(web.session())
    row = actions.make(web.session(), _workspace(), given, caller().name, web.now())
    return _whole(row)


@api.route("/communities/<key>")
@requires("read", "admin", "person")
@api.response(200, schemas.PanelWithConsents)
def get_community(key: str) -> Any:
    """Show a panel with all versions of its consent text."""
    return _whole(_panel(key))


@api.route("/communities/<key>", methods=["PATCH"])
@requires("admin", "editor")
@api.arguments(schemas.PanelChange)
@api.response(200, schemas.PanelWithConsents)
def patch_community(given: dict[str, Any], key: str) -> Any:
    """Change a panel's name, its limits, or where customers are offered to join."""
    journeys.scoping.demand_everything(web.session())
    return _whole(actions.change(web.session(), _panel(key), given, caller().name, web.now()))


@api.route("/communities/<key>/consents", methods=["POST"])
@requires("admin", "editor")
@api.arguments(schemas.ConsentIn)
@api.response(201, schemas.ConsentOut)
def post_consent(given: dict[str, Any], key: str) -> Any:
    """Write the next version of what members agree to; whoever is in has agreed to theirs."""
    journeys.scoping.demand_everything(web.session())
    return actions.agree_to(
        web.session(), _panel(key), given["consent"], caller().name, web.now(), given["one_by_one"]
    )


@api.route("/communities/<key>/links", methods=["POST"])
@requires("server", "admin", "editor")
@api.arguments(schemas.LinksIn)
@api.response(200, schemas.LinksOut)
def post_links(given: dict[str, Any], key: str) -> Any:
    """A link into the panel for each of up to 500 customers: it shows the text, and joins in one click."""
    journeys.scoping.demand_everything(web.session())
    session, company, panel = web.session(), caller().company, _panel(key)
    made = []
    for customer in given["customers"]:
        link = links.Join(panel.key, workspaces.pseudonym_of(company, customer), "link")
        token = links.join_token(session, company.workspace_id, link, web.now())
        made.append({"customer": customer, "link": f"{web.config().url}/j/{token}"})
    return {"links": made}


@api.route("/members")
@requires("admin", "editor")
@api.arguments(schemas.MembersQuery, location="query")
@api.response(200, schemas.MembersOut)
@api.alt_response(404)
def get_members(query: dict[str, Any]) -> Any:
    """List a panel's members by pseudonym; with ``contact=yes`` how they are reached, which goes into the record."""
    journeys.scoping.demand_everything(web.session())
    session, panel = web.session(), _panel(query["community"])
    rows = listing.page(session, panel, query["cursor"], query["limit"])
    reached: dict[uuid.UUID, contacts.Contact] = {}
    if query["contact"] == "yes":
        note_read(panel)
        ids = [row.member_id for row in rows]
        reached = contacts.opened(session, _workspace(), ids, web.config().secret_key)
    shown = [_member(row, reached) for row in rows]
    return {"members": shown, "next": rows[-1].member_id if len(rows) == query["limit"] else None}


@api.route("/members", methods=["POST"])
@requires("server", "admin", "editor")
@api.arguments(schemas.MembersIn)
@api.response(200, schemas.MembersReport)
@api.alt_response(404)
def post_members(given: dict[str, Any]) -> Any:
    """Let up to 500 members in, each with the proof of their consent; with ``dry_run`` nothing is kept."""
    journeys.scoping.demand_everything(web.session())
    said = given["consent"]
    consent = Consent(said["text"], said["at"], said["source"]) if said else None
    panel, report, session = _panel(given["community"]), taking.Report(), web.session()
    means = taking.Means(panel, caller().company, consent, web.config().secret_key)
    numbered = list(enumerate(given["members"], start=1))
    if given["dry_run"]:
        with session.begin_nested() as trial:
            taking.take(session, means, numbered, web.now(), report)
            trial.rollback()
    else:
        taking.take(session, means, numbered, web.now(), report)
    return report.as_json()


def note_read(panel: Panel) -> None:
    """Who looked at how members are reached is in the record before it is shown."""
    who, now, key = caller(), web.now(), panel.key
    workspace_id = who.company.workspace_id
    web.aside(lambda own: record(own, workspace_id, now, who.name, "read", "panel_contacts", key))


def _whole(row: Panel) -> dict[str, Any]:
    counts = actions.counts(web.session(), _workspace()).get(row.key, actions.Counts())
    return {**_shown(row, counts), "consents": actions.consents(web.session(), row)}


def _shown(row: Panel, counts: actions.Counts) -> dict[str, Any]:
    names = ("key", "created_at", *actions.SAID)
    return {**{name: getattr(row, name) for name in names}, "members": counts.active, "left": counts.left}


def _member(row: Any, reached: dict[uuid.UUID, contacts.Contact]) -> dict[str, Any]:
    names = [name for name in schemas.MemberOut().fields if name not in {"id", "contact"}]
    said = {"member_id": row.member_id, **{name: getattr(row, name) for name in names}}
    known = reached.get(row.member_id)
    return {**said, "contact": asdict(known)} if known else said


def _panel(key: str) -> Panel:
    return actions.get(web.session(), _workspace(), key)


def _workspace() -> uuid.UUID:
    return caller().company.workspace_id
