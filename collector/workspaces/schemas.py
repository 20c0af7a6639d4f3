"""The forms of signing in, of opening an account, and of one's own."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

PASSWORD = validate.Length(1, 1000)
ADDRESS = validate.Length(1, 254)


class SignInForm(Schema):
    email = fields.String(required=True, validate=ADDRESS)
    password = fields.String(required=True, validate=PASSWORD)
    next = fields.String(load_default="/")


class WelcomeForm(Schema):
    name = fields.String(load_default="", validate=validate.Length(max=120))
    password = fields.String(required=True, validate=PASSWORD)
    language = fields.String(load_default="")


class OwnAccountForm(Schema):
    """Nothing but the token that each form carries."""


class ForgotForm(Schema):
    email = fields.String(required=True, validate=ADDRESS)


class OwnForm(Schema):
    name = fields.String(required=True, validate=validate.Length(1, 120))
    language = fields.String(load_default="")


class PasswordForm(Schema):
    old = fields.String(required=True, validate=PASSWORD)
    password = fields.String(required=True, validate=PASSWORD)


class OtherPasswordForm(Schema):
    other = fields.String(required=True, validate=PASSWORD)


class WorkspaceForm(Schema):
    workspace = fields.UUID(required=True)


class CodeForm(Schema):
    code = fields.String(required=True, validate=validate.Length(1, 40))
