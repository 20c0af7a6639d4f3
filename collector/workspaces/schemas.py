"""The wire of keys, and the sign-in form."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from collector.bodies import Moment


class KeyIn(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(["server", "read", "admin", "publishable"]))
    name = fields.String(required=True, validate=validate.Length(1, 120))


class KeyOut(Schema):
    kid = fields.String()
    kind = fields.String()
    name = fields.String()
    created_at = Moment()
    revoked_at = Moment(allow_none=True)


class NewKeyOut(Schema):
    kid = fields.String()
    kind = fields.String()
    key = fields.String(metadata={"description": "The key itself: shown this once."}, attribute="text")


class KeysOut(Schema):
    keys = fields.List(fields.Nested(KeyOut))


class SignInForm(Schema):
    email = fields.String(required=True, validate=validate.Length(1, 254))
    password = fields.String(required=True, validate=validate.Length(1, 1000))
    next = fields.String(load_default="/")
    csrf = fields.String(load_default="")
