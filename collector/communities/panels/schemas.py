"""The wire of panels and members; told in ``docs/how-to/ask-a-panel.md``."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates

from collector.bodies import KEY, Flag, Moment
from collector.communities.panels.models import SOURCES

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


class Texts(fields.Dict):
    """What is agreed to, by language; at least one."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> dict[str, str]:
        given: dict[Any, Any] = super()._deserialize(value, *args, **kwargs)  # type: ignore[no-untyped-call]
        for locale, text in given.items():
            if not isinstance(locale, str) or not LANGUAGE.fullmatch(locale):
                raise ValidationError(f"{locale!r} is no language tag such as de or pt-BR")
            if not isinstance(text, str) or not 1 <= len(text.strip()) <= 4000:
                raise ValidationError(f"{locale}: must be 1 to 4,000 characters")
        if not given:
            raise ValidationError("must say it in at least one language")
        return given


class PanelChange(Schema):
    name = fields.String(validate=validate.Length(1, 120))
    rest_days = fields.Integer(strict=True, validate=validate.Range(0, 365))
    reminders = fields.Integer(strict=True, validate=validate.Range(0, 3))
    remind_after_days = fields.Integer(strict=True, validate=validate.Range(1, 60))
    joins_at = fields.String(allow_none=True, validate=KEY)

    @validates("name")
    def check_name(self, value: str, **_kwargs: Any) -> None:
        if not value.strip():
            raise ValidationError("must say something")


class PanelIn(PanelChange):
    key = fields.String(required=True, validate=KEY)
    name = fields.String(required=True, validate=validate.Length(1, 120))
    consent = Texts(required=True, metadata={"description": "language -> what members agree to"})
    one_by_one = fields.Boolean(
        load_default=False,
        metadata={
            "description": "It says that a team reads a member's answers one by one, under a pseudonym"
        },
    )


class ConsentIn(Schema):
    consent = Texts(required=True)
    one_by_one = fields.Boolean(
        load_default=False,
        metadata={
            "description": "It says that a team reads a member's answers one by one, under a pseudonym"
        },
    )


class ConsentOut(Schema):
    version = fields.Integer()
    texts = fields.Dict(keys=fields.String(), values=fields.String())
    one_by_one = fields.Boolean()
    created_at = Moment()


class PanelOut(Schema):
    key = fields.String()
    name = fields.String()
    rest_days = fields.Integer()
    reminders = fields.Integer()
    remind_after_days = fields.Integer()
    joins_at = fields.String(allow_none=True)
    members = fields.Integer()
    left = fields.Integer()
    created_at = Moment()


class PanelWithConsents(PanelOut):
    consents = fields.List(fields.Nested(ConsentOut), metadata={"description": "Newest first"})


class PanelsOut(Schema):
    communities = fields.List(fields.Nested(PanelOut))


class GivenConsent(Schema):
    text = fields.String(required=True, validate=validate.Length(1, 64))
    at = Moment(required=True)
    source = fields.String(required=True, validate=validate.Length(1, 200))


class MembersIn(Schema):
    community = fields.String(required=True, validate=KEY)
    consent = fields.Nested(
        GivenConsent,
        load_default=None,
        allow_none=True,
        metadata={"description": "What they agreed to, where a member does not say"},
    )
    members = fields.List(fields.Dict(keys=fields.String()), required=True, validate=validate.Length(1, 500))
    dry_run = Flag(load_default=False)


class LinksIn(Schema):
    customers = fields.List(
        fields.String(validate=validate.Length(1, 256)), required=True, validate=validate.Length(1, 500)
    )


class LinkOut(Schema):
    customer = fields.String(metadata={"description": "As it was sent"})
    link = fields.String()


class LinksOut(Schema):
    links = fields.List(fields.Nested(LinkOut))


class RefusedOut(Schema):
    count = fields.Integer()
    rows = fields.List(fields.Integer())


class MembersReport(Schema):
    rows = fields.Integer()
    joined = fields.Integer()
    updated = fields.Integer()
    known = fields.Integer()
    refused = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(RefusedOut),
        metadata={"description": "reason -> which members, counted from 1"},
    )


class MembersQuery(Schema):
    community = fields.String(required=True, validate=KEY)
    contact = fields.String(load_default="no", validate=validate.OneOf(("no", "yes")))
    cursor = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class MemberOut(Schema):
    id = fields.UUID(attribute="member_id")
    customer = fields.String()
    attributes = fields.Dict()
    locale = fields.String(allow_none=True)
    source = fields.String(validate=validate.OneOf(SOURCES))
    consent_text = fields.String()
    consent_at = Moment()
    consent_source = fields.String()
    joined_at = Moment()
    left_at = Moment(allow_none=True)
    contact = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "Where it was asked for"}
    )


class MembersOut(Schema):
    members = fields.List(fields.Nested(MemberOut))
    next = fields.UUID(allow_none=True)
