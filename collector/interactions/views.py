"""``POST /api/v1/interactions``."""

from __future__ import annotations

from typing import Any

from collector import journeys, web
from collector.interactions import actions, schemas
from collector.workspaces import caller, requires

api = web.Blueprint("interactions", __name__, url_prefix="/api/v1", description="What customers do")


@api.route("/interactions", methods=["POST"])
@requires("server", "admin", "test")
@api.arguments(schemas.InteractionsIn)
@api.response(200, schemas.InteractionsOut)
def post_interactions(given: dict[str, Any]) -> Any:
    """Record what customers do; one with a known id is dropped, and so is all that a test key sends."""
    if caller().kind == "test":
        return {"accepted": 0, "duplicates": 0}
    places = (each["touchpoint"] for each in given["interactions"] if each["touchpoint"])
    journeys.scoping.demand(web.session(), places)
    return actions.record_in_pieces(web.session(), caller().company, given["interactions"], web.now())
