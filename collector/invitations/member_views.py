"""``DELETE /api/v1/members/{customer}``: a member leaves, said by whoever they told."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from collector import journeys, web, workspaces
from collector.bodies import KEY
from collector.communities import panels
from collector.invitations import members
from collector.workspaces import caller, requires

api = web.Blueprint("members", __name__, url_prefix="/api/v1", description="Members who leave their panels")


class LeaveQuery(Schema):
    community = fields.String(
        load_default=None,
        validate=KEY,
        metadata={"description": "Leave only the panel of this key; all of them, if not said."},
    )


@api.route("/members/<customer>", methods=["DELETE"])
@requires("server", "admin", "editor")
@api.arguments(LeaveQuery, location="query")
@api.response(204)
def delete_member(query: dict[str, Any], customer: str) -> None:
    """Take a customer out of all panels, or of one; nothing more is asked, sent or taken, and no file brings them back."""
    session, company = web.session(), caller().company
    journeys.scoping.demand_everything(session)
    if query["community"]:
        panels.actions.get(session, company.workspace_id, query["community"])
    names = workspaces.pseudonyms.names_of(session, company, customer)
    members.leave(session, company.workspace_id, names, web.now(), query["community"])
