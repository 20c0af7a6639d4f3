"""``/api/v1/webhooks``: which other systems are told of what, and how that went."""

from __future__ import annotations

import uuid
from typing import Any

from collector import web
from collector.webhooks import schemas, sent, subscribing
from collector.webhooks.models import Webhook
from collector.workspaces import caller, requires

api = web.Blueprint("webhooks", __name__, url_prefix="/api/v1", description="Events told to other systems")
WHO = ("admin", "administrator")


@api.route("/webhooks")
@requires(*WHO)
@api.response(200, schemas.WebhooksOut)
def get_webhooks() -> Any:
    """List the webhooks (never their secrets)."""
    paces = subscribing.paces(web.session(), _workspace())
    found = subscribing.listed(web.session(), _workspace())
    return {"webhooks": [schemas.webhook_dict(row, paces[row.webhook_id]) for row in found]}


@api.route("/webhooks", methods=["POST"])
@requires(*WHO)
@api.arguments(schemas.WebhookIn)
@api.response(201, schemas.NewWebhookOut)
@api.alt_response(409)
def post_webhook(given: dict[str, Any]) -> Any:
    """Make a webhook; gives its signing secret, this once."""
    wish, hosts = subscribing.Wish(**given), web.config().private_hosts
    row = subscribing.create(web.session(), _workspace(), wish, hosts, caller().name, web.now())
    return _said(row) | {"secret": row.secret}


@api.route("/webhooks/<uuid:webhook_id>")
@requires(*WHO)
@api.response(200, schemas.WebhookOut)
def get_webhook(webhook_id: uuid.UUID) -> Any:
    """One webhook, and how it fares."""
    return _said(_webhook(webhook_id))


@api.route("/webhooks/<uuid:webhook_id>", methods=["PATCH"])
@requires(*WHO)
@api.arguments(schemas.WebhookPatch)
@api.response(200, schemas.WebhookOut)
def patch_webhook(given: dict[str, Any], webhook_id: uuid.UUID) -> Any:
    """Change a webhook, enable or disable it."""
    row, hosts = _webhook(webhook_id), web.config().private_hosts
    return _said(subscribing.change(web.session(), row, given, hosts, caller().name, web.now()))


@api.route("/webhooks/<uuid:webhook_id>", methods=["DELETE"])
@requires(*WHO)
@api.response(204)
def delete_webhook(webhook_id: uuid.UUID) -> None:
    """End a webhook, with all that waits for it."""
    subscribing.remove(web.session(), _webhook(webhook_id), caller().name, web.now())


@api.route("/webhooks/<uuid:webhook_id>/secret", methods=["POST"])
@requires(*WHO)
@api.response(201, schemas.SecretOut)
def post_secret(webhook_id: uuid.UUID) -> Any:
    """Renew the signing secret; for a day both sign, so that no message is lost in between."""
    row = _webhook(webhook_id)
    secret = subscribing.renew_secret(web.session(), row, caller().name, web.now())
    return {"secret": secret, "previous_until": row.previous_until}


@api.route("/webhooks/<uuid:webhook_id>/test", methods=["POST"])
@requires(*WHO)
@api.response(202, schemas.TestOut)
@api.alt_response(409)
def post_test(webhook_id: uuid.UUID) -> Any:
    """Send a `webhook.test` event to this webhook alone."""
    return subscribing.send_test(web.session(), _webhook(webhook_id), web.now())


@api.route("/webhooks/<uuid:webhook_id>/deliveries")
@requires(*WHO)
@api.arguments(schemas.LogQuery, location="query")
@api.response(200, schemas.LogOut)
def get_deliveries(query: dict[str, Any], webhook_id: uuid.UUID) -> Any:
    """The log of 30 days: what was sent, waits or was given up; with `after` it reads on where you were."""
    found = sent.log(
        web.session(), _webhook(webhook_id), query["state"], query["after"], query["cursor"], query["limit"]
    )
    last = found[-1].event.event_id if len(found) == query["limit"] else None
    return {"deliveries": [schemas.entry_dict(each) for each in found], "next": last}


@api.route("/webhooks/<uuid:webhook_id>/resend", methods=["POST"])
@requires(*WHO)
@api.arguments(schemas.ResendIn)
@api.response(202, schemas.ResentOut)
@api.alt_response(409)
def post_resend(given: dict[str, Any], webhook_id: uuid.UUID) -> Any:
    """Send one event again, or all since a time; each under its own id."""
    row, session, now = _webhook(webhook_id), web.session(), web.now()
    if given["event_id"] is not None:
        return {"resent": sent.resend(session, row, given["event_id"], now)}
    return {"resent": sent.resend_since(session, row, given["since"], now)}


def _said(row: Webhook) -> dict[str, Any]:
    return schemas.webhook_dict(row, subscribing.pace_of(web.session(), row))


def _webhook(webhook_id: uuid.UUID) -> Webhook:
    return subscribing.get(web.session(), _workspace(), webhook_id)


def _workspace() -> uuid.UUID:
    return caller().workspace.workspace_id
