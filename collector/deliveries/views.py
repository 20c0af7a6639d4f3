"""Deliveries over the API."""

from __future__ import annotations

from typing import Any

from collector import errors, web
from collector.deliveries import actions, schemas
from collector.deliveries.ways import WAYS
from collector.workspaces import caller, requires

api = web.Blueprint(
    "deliveries", __name__, url_prefix="/api/v1", description="Invitations sent by e-mail and SMS"
)


@api.route("/deliveries", methods=["POST"])
@requires("server", "admin")
@api.arguments(schemas.DeliveryIn)
@api.response(201, schemas.DeliveryOut)
@api.alt_response(200, schema=schemas.DeliveryOut, description="On its way already", success=True)
@api.alt_response(404)
@api.alt_response(409)
@api.alt_response(410)
def post_delivery(given: dict[str, Any]) -> Any:
    """Send an invitation by e-mail or SMS, once; needs the customer's consent."""
    _check_set_up(given["way"])
    delivery, is_new = actions.request(web.session(), caller().workspace, given, web.now())
    return delivery, 201 if is_new else 200


@api.route("/deliveries")
@requires("server", "read", "admin", "person")
@api.arguments(schemas.DeliveriesQuery, location="query")
@api.response(200, schemas.DeliveriesOut)
def get_deliveries(query: dict[str, Any]) -> Any:
    """List what was sent, waits or was given up, newest first."""
    workspace_id = caller().workspace.workspace_id
    return {"deliveries": actions.recent(web.session(), workspace_id, query["state"], query["limit"])}


@api.route("/deliveries/sms-gateway", methods=["PUT"])
@requires("admin", "administrator")
@api.arguments(schemas.GatewayIn)
@api.response(200, schemas.GatewayOut)
def put_sms_gateway(given: dict[str, Any]) -> Any:
    """Name the webhook that sends text messages; gives its new signing secret, this once."""
    secret = actions.set_sms_gateway(web.session(), caller().workspace, given["url"])
    return {"url": given["url"], "secret": secret}


def _check_set_up(way: str) -> None:
    """Refuse at once what no attempt could send."""
    missing = WAYS[way].missing(web.config(), caller().workspace.settings)
    if missing is not None:
        raise errors.Conflict(missing, "way_not_set_up")
