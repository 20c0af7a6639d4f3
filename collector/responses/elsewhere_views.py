"""``POST /api/v1/responses``: answers given elsewhere."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from collector import journeys, web
from collector.bodies import KEY, Flag, Typed
from collector.interactions import Contact
from collector.responses import elsewhere, recording
from collector.responses.schemas import ContextIn
from collector.surveys import TARGETS
from collector.workspaces import caller, requires

api = web.Blueprint("responses", __name__, url_prefix="/api/v1", description="Answers given elsewhere")


class AnswerElsewhereIn(Contact):
    response_id = fields.UUID(load_default=None, allow_none=True)
    survey = fields.String(load_default=None, allow_none=True, validate=KEY)
    target = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(TARGETS),
        metadata={"description": "What it is about, where several surveys stand there."},
    )
    respondent = fields.String(load_default="customer", validate=validate.OneOf(recording.RESPONDENTS))
    locale = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"[A-Za-z0-9-]{2,35}\Z")
    )
    answers = Typed(
        keys=fields.String(validate=validate.Length(1, 64)),
        values=fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(1, 50),
    )
    context = fields.Nested(ContextIn, load_default=dict)
    counts_as_contact = Flag(
        load_default=False,
        metadata={"description": "The customer was asked: their waits begin, as after any answer."},
    )


class AnswersElsewhereIn(Schema):
    responses = fields.List(fields.Nested(AnswerElsewhereIn), required=True, validate=validate.Length(1, 500))


class TakenOut(Schema):
    accepted = fields.Integer()
    duplicates = fields.Integer()


@api.route("/responses", methods=["POST"])
@requires("server", "admin")
@api.arguments(AnswersElsewhereIn)
@api.response(200, TakenOut)
def post_responses(given: dict[str, Any]) -> Any:
    """Take answers given elsewhere."""
    journeys.scoping.demand(web.session(), (each["touchpoint"] for each in given["responses"]))
    return elsewhere.take(web.session(), caller().workspace, given["responses"], web.now())
