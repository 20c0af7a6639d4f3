"""``POST /in/v1/<workspace>/<address>``: where other tools deliver; and the ``/api/v1/inbound`` of who lets them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from marshmallow import Schema, fields, validate

from collector import errors, web, workspaces
from collector.bodies import Moment
from collector.exchange.inbound import actions, listing
from collector.exchange.inbound.schemes import SCHEMES
from collector.exchange.models import Inbound
from collector.workspaces import caller, limit, requires

doors = web.Blueprint(
    "arrivals", __name__, url_prefix="/in/v1", description="Where other survey tools deliver their answers"
)
api = web.Blueprint("inbound", __name__, url_prefix="/api/v1", description="Addresses for other survey tools")
WHO = ("admin", "administrator")


class ArrivedOut(Schema):
    state = fields.String(metadata={"enum": ["placed", "waiting", "ignored", "known"]})


class InboundIn(Schema):
    name = fields.String(required=True, validate=validate.Length(1, 120))
    tool = fields.String(required=True, validate=validate.OneOf(list(SCHEMES)))
    secret = fields.String(
        load_default=None,
        validate=validate.Length(16, 200),
        metadata={"description": "The tool's own; made here, if it has none."},
    )
    touchpoint = fields.String(load_default=None, validate=validate.Length(1, 64))
    questions = fields.List(
        fields.String(validate=validate.Length(1, 300)),
        load_default=list,
        metadata={"description": "COLUMN=METRIC[@TOUCHPOINT], as in afterword import from"},
    )
    comment = fields.String(load_default=None, validate=validate.Length(1, 200))
    customer = fields.String(load_default=None, validate=validate.Length(1, 200))
    attributes = fields.List(fields.String(validate=validate.Length(1, 200)), load_default=list)
    mapping = fields.String(
        load_default=None,
        validate=validate.Length(1, 20_000),
        metadata={"description": "For tool standard: a mapping file."},
    )


class InboundOut(Schema):
    inbound_id = fields.UUID()
    name = fields.String()
    tool = fields.String()
    url = fields.String()
    said = fields.Dict()
    waiting = fields.Integer()


class InboundMadeOut(InboundOut):
    secret = fields.String(metadata={"description": "Shown this once."})


class InboundsOut(Schema):
    inbound = fields.List(fields.Nested(InboundOut))


class ArrivalOut(Schema):
    state = fields.String()
    why = fields.String(allow_none=True)
    customer = fields.String(allow_none=True)
    repeats = fields.Integer()
    received_at = Moment()
    placed_at = Moment(allow_none=True)


class ArrivalsOut(Schema):
    arrivals = fields.List(fields.Nested(ArrivalOut))


class PlacedAnewOut(Schema):
    placed = fields.Integer()


@doors.route("/<uuid:workspace_id>/<uuid:inbound_id>", methods=["POST"])
@web.public
@doors.response(200, ArrivedOut)
def post_arrival(workspace_id: uuid.UUID, inbound_id: uuid.UUID) -> Any:
    """Take an answer that another tool sends, signed as that tool signs; the same delivery again adds nothing."""
    limit(place=str(inbound_id))
    body = request.get_data()
    if len(body) > actions.LARGEST:
        raise errors.BodyTooLarge(f"A delivery has at most {actions.LARGEST:,} bytes.")
    session, keys, now = web.session(), web.config().secret_key, web.now()
    row = listing.get(session, workspace_id, inbound_id)
    headers = {name.lower(): text for name, text in request.headers.items()}
    actions.check_sender(row, headers, body, keys, now)
    workspace = workspaces.get(session, workspace_id)
    return {"state": actions.take(session, workspace, row, headers, body, keys, now)}


@api.route("/inbound", methods=["POST"])
@requires(*WHO)
@api.arguments(InboundIn)
@api.response(201, InboundMadeOut)
def post_inbound(given: dict[str, Any]) -> Any:
    """Make an address for a tool; its secret is shown this once."""
    row, secret = actions.make(
        web.session(), _workspace(), given, web.config().secret_key, caller().name, web.now()
    )
    return {**shown(row), "secret": secret}


@api.route("/inbound")
@requires(*WHO)
@api.response(200, InboundsOut)
def get_inbound() -> Any:
    """The addresses, and how many deliveries wait at each."""
    waiting = listing.waiting(web.session(), _workspace())
    rows = listing.every(web.session(), _workspace())
    return {"inbound": [shown(row, waiting.get(row.inbound_id, 0)) for row in rows]}


@api.route("/inbound/<uuid:inbound_id>/arrivals")
@requires(*WHO)
@api.response(200, ArrivalsOut)
def get_arrivals(inbound_id: uuid.UUID) -> Any:
    """What arrived at an address of late, and what became of it."""
    return {"arrivals": listing.arrivals(web.session(), _row(inbound_id))}


@api.route("/inbound/<uuid:inbound_id>/place", methods=["POST"])
@requires(*WHO)
@api.response(200, PlacedAnewOut)
def post_place(inbound_id: uuid.UUID) -> Any:
    """Try once more to place what waits."""
    session, row = web.session(), _row(inbound_id)
    workspace = workspaces.get(session, row.workspace_id)
    return {"placed": actions.place_waiting(session, workspace, row, web.config().secret_key, web.now())}


@api.route("/inbound/<uuid:inbound_id>", methods=["DELETE"])
@requires(*WHO)
@api.response(204)
def delete_inbound(inbound_id: uuid.UUID) -> None:
    """End an address, with all that waits there."""
    actions.remove(web.session(), _row(inbound_id), caller().name, web.now())


def shown(row: Inbound, waiting: int = 0) -> dict[str, Any]:
    """An address as it goes out: never its secret."""
    told = {name: getattr(row, name) for name in ("inbound_id", "name", "tool", "said")}
    return {
        **told,
        "url": web.addresses().whole(f"/in/v1/{row.workspace_id}/{row.inbound_id}"),
        "waiting": waiting,
    }


def _row(inbound_id: uuid.UUID) -> Inbound:
    return listing.get(web.session(), _workspace(), inbound_id)


def _workspace() -> uuid.UUID:
    return caller().company.workspace_id
