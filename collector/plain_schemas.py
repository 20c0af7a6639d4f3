"""Schemas that read what is right at once, in a fifth of marshmallow's time; all else marshmallow reads, or refuses by name.

What is taken here, marshmallow would have taken, and as the same values: each field's own validators and the schema's own
checks are asked. Where one of them objects, or anything is not plain, nothing of this try is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields, missing

Take = Callable[[Any], Any]
"""Gives what a field makes of a value; raises ``NotPlain`` or ``ValidationError``."""
WRAPPED = ("pre_load", "post_load")


class NotPlain(Exception):
    """Something that marshmallow must look at itself."""


class PlainSchema(Schema):
    """A schema of calls of which nearly every one is right, and many are large or come by the thousand."""

    def load(self, data: Any, *, many: Any = None, partial: Any = None, unknown: Any = None) -> Any:
        if self._take is not None and not many and partial is None and unknown in {None, RAISE}:
            with suppress(ValidationError, NotPlain):
                return self._take(data)
        return super().load(data, many=many, partial=partial, unknown=unknown)

    @cached_property
    def _take(self) -> Take | None:
        return _object(self)


def _object(schema: Schema) -> Take | None:
    """Takes an object by a schema; None for one that does more than check."""
    hooks = schema._hooks
    if schema.many or schema.partial or schema.unknown != RAISE or any(hooks.get(name) for name in WRAPPED):
        return None
    steps = {
        field.data_key or name: (field.attribute or name, field.allow_none, _field(field))
        for name, field in schema.load_fields.items()
    }
    left_out = {field.attribute or name: field.load_default for name, field in schema.load_fields.items()}
    required = {name for name, default in left_out.items() if default is missing}
    made = {name: default for name, default in left_out.items() if callable(default)}
    checks = _checks(schema)

    def take(given: Any) -> dict[str, Any]:
        if type(given) is not dict:
            raise NotPlain
        found = left_out.copy()
        for name, make in made.items():
            found[name] = make()
        for key, value in given.items():
            if (step := steps.get(key)) is None:
                raise NotPlain
            name, may_be_none, take_one = step
            found[name] = None if value is None and may_be_none else take_one(value)
        if any(found[name] is missing for name in required):
            raise NotPlain
        for check in checks:
            check(found)
        return found

    return take


def _field(field: fields.Field[Any]) -> Take:
    if field.pre_load or field.post_load:
        return cast(Take, field.deserialize)
    if type(field) is fields.String:
        return _text(field.validators)
    if type(field) is fields.List:
        return _list(_field(field.inner), field.inner.allow_none, field.validators)
    if (
        type(field) is fields.Nested
        and field.unknown in {None, RAISE}
        and not (field.many or field.validators)
    ):
        return _object(field.schema) or cast(Take, field.deserialize)
    return cast(Take, field.deserialize)


def _text(validators: list[Any]) -> Take:
    def take(value: Any) -> str:
        if type(value) is not str:
            raise NotPlain
        for validate in validators:
            validate(value)
        return value

    return take


def _list(take_one: Take, may_be_none: bool, validators: list[Any]) -> Take:
    def take(value: Any) -> list[Any]:
        if type(value) is not list:
            raise NotPlain
        found = [None if each is None and may_be_none else take_one(each) for each in value]
        for validate in validators:
            validate(found)
        return found

    return take


def _checks(schema: Schema) -> list[Callable[[Mapping[str, Any]], Any]]:
    """What a schema checks beyond its fields: single ones first, as marshmallow has it."""
    found: list[Callable[[Mapping[str, Any]], Any]] = []
    for hook, _, options in schema._hooks.get("validates", ()):
        for name in options["field_names"]:
            found.append(_check_of_field(getattr(schema, hook), name))
    for hook, _, _ in schema._hooks.get("validates_schema", ()):
        check = getattr(schema, hook)
        found.append(lambda given, check=check: check(given, many=False, partial=None, unknown=RAISE))  # type: ignore[misc]
    return found


def _check_of_field(check: Callable[..., Any], name: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda given: check(given[name], data_key=name)
