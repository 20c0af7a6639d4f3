"""Objection and consent over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from collector import web, workspaces
from collector.bodies import Flag, Moment
from collector.contact import MESSAGE_CHANNELS
from collector.invitations import subjects
from collector.invitations.models import Subject
from collector.workspaces import caller, requires

api = web.Blueprint("subjects", __name__, url_prefix="/api/v1", description="Objection and consent")


class ConsentRecordIn(Schema):
    channel = fields.String(required=True, validate=validate.OneOf(MESSAGE_CHANNELS))
    given = Flag(load_default=True)
    text_version = fields.String(required=True, validate=validate.Length(1, 120))
    source = fields.String(required=True, validate=validate.Length(1, 120))
    at = Moment(load_default=None, allow_none=True)


class ConsentRecordOut(Schema):
    given = fields.Boolean()
    at = Moment()
    text_version = fields.String()
    source = fields.String()
    recorded_at = Moment()


class SubjectOut(Schema):
    customer = fields.String()
    opted_out_at = Moment(allow_none=True)
    consented = fields.List(
        fields.String(), metadata={"description": "Channels with a consent that holds now."}
    )
    consents = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(ConsentRecordOut)),
        metadata={"description": "channel -> records, oldest first"},
    )


@api.route("/customers/<customer>")
@requires("server", "read", "admin", "person")
@api.response(200, SubjectOut)
def get_customer(customer: str) -> Any:
    """Show a customer's objection and consents."""
    workspace_id, pseudonym = _named(customer)
    return _shown(pseudonym, subjects.find(web.session(), workspace_id, pseudonym))


@api.route("/customers/<customer>/opt-out", methods=["PUT"])
@requires("server", "admin", "person")
@api.response(200, SubjectOut)
def put_opt_out(customer: str) -> Any:
    """Never ask this customer again."""
    workspace_id, pseudonym = _named(customer)
    return _shown(pseudonym, subjects.opt_out(web.session(), workspace_id, pseudonym, web.now()))


@api.route("/customers/<customer>/opt-out", methods=["DELETE"])
@requires("server", "admin", "person")
@api.response(200, SubjectOut)
def delete_opt_out(customer: str) -> Any:
    """Take a customer's objection back."""
    workspace_id, pseudonym = _named(customer)
    return _shown(pseudonym, subjects.opt_in(web.session(), workspace_id, pseudonym, web.now()))


@api.route("/customers/<customer>/consents", methods=["POST"])
@requires("server", "admin", "person")
@api.arguments(ConsentRecordIn)
@api.response(201, SubjectOut)
def post_consent(given: dict[str, Any], customer: str) -> Any:
    """Keep a consent, given or withdrawn."""
    workspace_id, pseudonym = _named(customer)
    subject = subjects.record_consent(web.session(), workspace_id, pseudonym, given, web.now())
    return _shown(pseudonym, subject)


def _named(customer: str) -> tuple[Any, str]:
    workspace = caller().workspace
    pseudonym = workspaces.pseudonym_of(workspace, customer)
    subjects.demand(web.session(), workspace.workspace_id, pseudonym)
    return workspace.workspace_id, pseudonym


def _shown(pseudonym: str, subject: Subject | None) -> dict[str, Any]:
    consents = subject.consents if subject else {}
    return {
        "customer": pseudonym,
        "opted_out_at": subject.opted_out_at if subject else None,
        "consented": sorted(subjects.consented(subject)),
        "consents": {channel: [_record(kept) for kept in records] for channel, records in consents.items()},
    }


def _record(kept: dict[str, Any]) -> dict[str, Any]:
    return kept | {name: datetime.fromisoformat(kept[name]) for name in ("at", "recorded_at")}
