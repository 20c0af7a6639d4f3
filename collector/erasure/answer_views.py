"""``DELETE`` and ``PATCH /api/v1/responses``: hide or delete one answer, or all that fit."""

from __future__ import annotations

import uuid
from typing import Any

from marshmallow import Schema, fields, validate

from collector import db, journeys, web, write_ahead_log
from collector.bodies import Flag, Moment
from collector.erasure import answers
from collector.workspaces import caller, requires

api = web.Blueprint("answers", __name__, url_prefix="/api/v1", description="Answers hidden or deleted")
WHO = ("admin", "editor")


class Fitting(Schema):
    touchpoint = fields.String(required=True, validate=validate.Length(1, 64))
    source = fields.String(
        load_default="volunteered", validate=validate.OneOf(["volunteered", "solicited", "imported"])
    )
    since = Moment(required=True, data_key="from")
    until = Moment(required=True, data_key="to")


class HideIn(Schema):
    hidden = Flag(required=True)


class HideManyIn(HideIn):
    where = fields.Nested(Fitting, required=True)


class ChangedOut(Schema):
    answers = fields.Integer()


class DeletedOut(ChangedOut):
    left = fields.Integer(metadata={"description": "How many fit still: call again."})


@api.route("/responses/<uuid:response_id>", methods=["PATCH"])
@requires(*WHO)
@api.arguments(HideIn)
@api.response(200, ChangedOut)
def patch_response(given: dict[str, Any], response_id: uuid.UUID) -> Any:
    """Hide an answer's words from every reader, or show them again."""
    session, workspace_id = web.session(), caller().company.workspace_id
    which = answers.one(session, workspace_id, response_id)
    return {"answers": answers.hide(session, workspace_id, which, given["hidden"], caller().name, web.now())}


@api.route("/responses", methods=["PATCH"])
@requires(*WHO)
@api.arguments(HideManyIn)
@api.response(200, ChangedOut)
def patch_responses(given: dict[str, Any]) -> Any:
    """Hide all answers that fit, such as a flood of spam, or show them again."""
    session, workspace_id, where = web.session(), caller().company.workspace_id, given["where"]
    journeys.scoping.demand(session, [where["touchpoint"]])
    which = answers.fitting(workspace_id, where)
    return {"answers": answers.hide(session, workspace_id, which, given["hidden"], caller().name, web.now())}


@api.route("/responses", methods=["DELETE"])
@requires(*WHO)
@api.arguments(Fitting, location="query")
@api.response(200, DeletedOut)
def delete_responses(where: dict[str, Any]) -> Any:
    """Delete answers that fit, at most a thousand at once, out of the figures too; again, while any are left."""
    session, company = web.session(), caller().company.workspace_id
    journeys.scoping.demand(session, [where["touchpoint"]])
    which, by, now = answers.fitting(company, where), caller().name, web.now()
    gone, left = db.retried(session, lambda: answers.remove_fitting(session, company, which, by, now))
    web.afterwards(write_ahead_log.empty)
    return {"answers": gone, "left": left}


@api.route("/responses/<uuid:response_id>", methods=["DELETE"])
@requires(*WHO)
@api.response(200, ChangedOut)
def delete_response(response_id: uuid.UUID) -> Any:
    """Delete an answer, out of the figures too."""
    session, workspace_id = web.session(), caller().company.workspace_id
    which = answers.one(session, workspace_id, response_id)
    web.afterwards(write_ahead_log.empty)
    return {"answers": answers.remove(session, workspace_id, which, caller().name, web.now())}
