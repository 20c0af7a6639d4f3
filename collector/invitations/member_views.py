"""``DELETE /api/v1/members/{customer}``: a member leaves, said by whoever they told."""

from __future__ import annotations

from collector import journeys, web, workspaces
from collector.invitations import members
from collector.workspaces import caller, requires

api = web.Blueprint("members", __name__, url_prefix="/api/v1", description="Members who leave their panels")


@api.route("/members/<customer>", methods=["DELETE"])
@requires("server", "admin", "editor")
@api.response(204)
def delete_member(customer: str) -> None:
    """Take a customer out of all panels; nothing more is asked, sent or taken, and no file brings them back."""
    session, company = web.session(), caller().company
    journeys.scoping.demand_everything(session)
    names = workspaces.pseudonyms.names_of(session, company, customer)
    members.leave(session, company.workspace_id, names, web.now())
