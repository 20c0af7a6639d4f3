"""The wire of people and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from collector.bodies import Moment
from collector.changes import LARGEST_PAGE, PAGE
from collector.workspaces import ROLES, Key

ALL = "all"


class ScopeField(fields.Field[Any]):
    """``"all"``, or the keys of some stakeholders; stored as None or a list."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return ALL if value is None else list(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str] | None:
        if value == ALL:
            return None
        if isinstance(value, list) and value and all(isinstance(key, str) for key in value):
            return value
        raise ValidationError('Must be "all" or a list of stakeholder keys.')


def scope_field(**given: Any) -> ScopeField:
    some = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    said = {"oneOf": [{"type": "string", "enum": [ALL]}, some]}
    return ScopeField(
        metadata={**said, "description": "Whose touchpoints: all, or stakeholder keys."}, **given
    )


class PersonIn(Schema):
    email = fields.String(required=True, validate=validate.Length(3, 254))
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    scope = scope_field(load_default=None)
    name = fields.String(load_default="", validate=validate.Length(max=120))


class RoleIn(Schema):
    role = fields.String(validate=validate.OneOf(ROLES))
    scope = scope_field()


class PersonOut(Schema):
    person_id = fields.UUID()
    email = fields.String()
    name = fields.String()
    role = fields.String()
    scope = scope_field()
    state = fields.String(metadata={"enum": ["invited", "active", "ended"]})
    locale = fields.String(allow_none=True)
    created_at = Moment()
    ended_at = Moment(allow_none=True)


class PeopleOut(Schema):
    people = fields.List(fields.Nested(PersonOut))


class InvitedOut(Schema):
    person = fields.Nested(PersonOut)
    link = fields.String(metadata={"description": "Opens the account, once: shown here and never again."})


class KeyIn(Schema):
    kind = fields.String(
        required=True, validate=validate.OneOf(["server", "test", "read", "analyst", "admin", "publishable"])
    )
    name = fields.String(required=True, validate=validate.Length(1, 120))
    scope = scope_field(load_default=None)


class KeyOut(Schema):
    kid = fields.String()
    kind = fields.String()
    name = fields.String()
    scope = scope_field()
    created_at = Moment()
    used_at = Moment(allow_none=True, metadata={"description": "Last used, within the hour."})
    revoked_at = Moment(allow_none=True)


def key_dict(key: Key, used_at: datetime | None) -> dict[str, Any]:
    """A key and its last use in wire form."""
    names = ("kid", "kind", "name", "scope", "created_at", "revoked_at")
    return {name: getattr(key, name) for name in names} | {"used_at": used_at}


class NewKeyOut(Schema):
    kid = fields.String()
    kind = fields.String()
    key = fields.String(metadata={"description": "The key itself: shown this once."}, attribute="text")


class KeysOut(Schema):
    keys = fields.List(fields.Nested(KeyOut))


class ChangeFilter(Schema):
    """What a reader of the record asks for."""

    noun = fields.String(load_default=None, validate=validate.Length(max=32))
    key = fields.String(load_default=None, validate=validate.Length(max=64))
    actor = fields.String(load_default=None, validate=validate.Length(max=254))
    verb = fields.String(load_default=None, validate=validate.Length(max=16))
    since = Moment(data_key="from", load_default=None)
    until = Moment(data_key="to", load_default=None)


class ChangeQuery(ChangeFilter):
    before = fields.UUID(data_key="cursor", load_default=None)
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(1, LARGEST_PAGE))


class ChangeOut(Schema):
    change_id = fields.UUID()
    number = fields.Integer(allow_none=True)
    at = Moment()
    actor = fields.String()
    noun = fields.String()
    key = fields.String()
    verb = fields.String()
    before = fields.Dict(allow_none=True)
    after = fields.Dict(allow_none=True)
    hash = fields.String(allow_none=True, metadata={"description": "Over this row and the row before."})


class ChangesOut(Schema):
    changes = fields.List(fields.Nested(ChangeOut))
    next = fields.UUID(allow_none=True, metadata={"description": "Send it as `cursor`."})
