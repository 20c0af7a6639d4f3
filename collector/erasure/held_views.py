"""``/api/v1/held-responses``: a flood of feedback that nobody asked for, held apart until somebody decides."""

from __future__ import annotations

import uuid
from typing import Any

from marshmallow import Schema, fields, validate

from collector import journeys, web, write_ahead_log
from collector.bodies import KEY, Moment
from collector.responses import holding
from collector.workspaces import caller, requires

api = web.Blueprint("held_answers", __name__, url_prefix="/api/v1", description="Feedback held apart")
WHO = ("admin", "editor")


class HeldQuery(Schema):
    touchpoint = fields.String(load_default=None, validate=KEY)
    after = fields.UUID(data_key="cursor", load_default=None)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class HeldOut(Schema):
    response_id = fields.UUID()
    touchpoint = fields.String()
    survey = fields.String()
    page = fields.String(metadata={"description": "Host and path of the page it was given on."})
    over = fields.String(metadata={"description": "The limit it was above: page or touchpoint."})
    score = fields.Integer(allow_none=True)
    comment = fields.String(allow_none=True)
    received_at = Moment()


class SeveralHeldOut(Schema):
    responses = fields.List(fields.Nested(HeldOut))
    next = fields.UUID(allow_none=True, metadata={"description": "Send it as `cursor`."})


class WhichIn(Schema):
    touchpoint = fields.String(required=True, validate=KEY)
    response_ids = fields.List(
        fields.UUID(),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 500),
        metadata={"description": "Without it, all that is held there."},
    )


class EndedOut(Schema):
    answers = fields.Integer()


@api.route("/held-responses")
@requires(*WHO)
@api.arguments(HeldQuery, location="query")
@api.response(200, SeveralHeldOut)
def get_held(query: dict[str, Any]) -> Any:
    """List what is held apart."""
    found, following = holding.held(web.session(), _company(), **query)
    return {"responses": found, "next": following}


@api.route("/held-responses/release", methods=["POST"])
@requires(*WHO)
@api.arguments(WhichIn)
@api.response(200, EndedOut)
def post_release(given: dict[str, Any]) -> Any:
    """Let it in: from now on it counts."""
    which = _which(given)
    return {"answers": holding.release(web.session(), _company(), *which, caller().name, web.now())}


@api.route("/held-responses/discard", methods=["POST"])
@requires(*WHO)
@api.arguments(WhichIn)
@api.response(200, EndedOut)
def post_discard(given: dict[str, Any]) -> Any:
    """Throw it away."""
    which = _which(given)
    web.afterwards(write_ahead_log.empty)
    return {"answers": holding.discard(web.session(), _company(), *which, caller().name, web.now())}


def _which(given: dict[str, Any]) -> tuple[str, list[uuid.UUID] | None]:
    journeys.scoping.demand(web.session(), [given["touchpoint"]])
    return given["touchpoint"], given["response_ids"]


def _company() -> uuid.UUID:
    return caller().company.workspace_id
