"""``DELETE /api/v1/customers/{pseudonym}``."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from collector import db, journeys, web, workspaces, write_ahead_log
from collector.erasure import receipts
from collector.interactions import Undoing

api = web.Blueprint("customers", __name__, url_prefix="/api/v1", description="The right to be forgotten")


class ErasedOut(Schema):
    erased = fields.Dict(keys=fields.String(), values=fields.Integer())
    receipt = fields.UUID(
        metadata={"description": "Stands in the record, which does not say whose data it was."}
    )


@api.route("/customers/<customer>", methods=["DELETE"])
@workspaces.requires("server", "admin")
@api.arguments(Undoing, location="query")
@api.response(200, ErasedOut)
def delete_customer(query: dict[str, Any], customer: str) -> Any:
    """Erase everything about a customer."""
    workspace = workspaces.caller().workspace
    journeys.scoping.demand_everything(web.session())
    session, by = web.session(), workspaces.caller().name

    def erase() -> dict[str, Any]:
        erased, receipt = receipts.erase_for_receipt(
            session, workspace, customer, by, web.now(), query["occurred_at"]
        )
        return {"erased": erased, "receipt": receipt}

    told = db.retried(session, erase)
    web.afterwards(write_ahead_log.empty)
    return told
