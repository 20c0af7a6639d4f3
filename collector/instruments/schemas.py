"""The form of a template, as it stands in a file and as JSON in the database: names, types, lengths.

What the parts must have to do with each other stands in `template_rules.py`.
"""

from collections.abc import Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from marshmallow import Schema, ValidationError, fields, post_dump, post_load, validate

from collector.bodies import KEY, Flag
from collector.instruments.composites import COMPOSITES
from collector.instruments.kinds import KINDS
from collector.instruments.template import (
    DIRECTIONS,
    LAYOUTS,
    SPARE_WORDS,
    STATUSES,
    WORDS,
    Template,
    TemplateQuestion,
    Wording,
)

ID = validate.Regexp(
    r"^[a-z][a-z0-9_]{0,39}\Z", error="must be an id: a letter, then a-z, 0-9, _, at most 40"
)


class _Map(fields.Dict):
    """A mapping whose mistakes are named by their key alone, without marshmallow's `key` and `value`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            plain = {key: part.get("key") or part["value"] for key, part in error.messages.items()}
            raise ValidationError(plain) from None


class _Lean(Schema):
    """Drops what is not set, so that a stored definition holds only what its author wrote."""

    @post_dump
    def _drop_unset(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def check_locale(tag: str) -> None:
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValidationError("must be a language tag such as de or pt-BR") from None


def _is_text(text: str) -> None:
    if not text.strip() or text != text.strip():
        raise ValidationError("must be a text without spaces at its ends")
    if len(text) > 500:
        raise ValidationError("must be at most 500 characters")


def _text(**more: Any) -> fields.String:
    return fields.String(validate=_is_text, **more)


def _by_locale(values: fields.Field[Any], **more: Any) -> _Map:
    return _Map(keys=fields.String(validate=check_locale), values=values, **more)


CONDITION: type[Schema] = Schema.from_dict(
    {
        "question": fields.String(required=True, validate=ID),
        "from": fields.Integer(strict=True),
        "to": fields.Integer(strict=True),
        "in": fields.List(fields.String(validate=KEY), validate=validate.Length(1, 50)),
    },
    name="Condition",
)


class WordingSchema(_Lean):
    """One question in one locale."""

    text = _text(required=True)
    low = _text()
    high = _text()
    labels = fields.List(_text(), validate=validate.Length(max=11))
    options = _Map(keys=fields.String(validate=KEY), values=_text())
    prompts = _Map(keys=fields.String(validate=KEY), values=_text())
    source = _text(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Wording:
        return Wording(**{**data, "labels": tuple(data.get("labels", ()))})


class QuestionSchema(_Lean):
    """One question."""

    id = fields.String(required=True, validate=ID)
    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    required = Flag(required=True)
    min = fields.Integer(strict=True)
    max = fields.Integer(strict=True)
    min_choices = fields.Integer(strict=True, validate=validate.Range(0, 50))
    max_choices = fields.Integer(strict=True, validate=validate.Range(1, 50))
    max_length = fields.Integer(strict=True, validate=validate.Range(1, 10_000))
    options = fields.List(fields.String(validate=KEY), validate=validate.Length(2, 50))
    show_if = fields.Nested(CONDITION)
    prompts = _Map(keys=fields.String(validate=KEY), values=fields.Nested(CONDITION))
    wording = _by_locale(fields.Nested(WordingSchema), required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> TemplateQuestion:
        return TemplateQuestion(**{**data, "options": tuple(data.get("options", ()))})


class TemplateSchema(_Lean):
    """The whole template."""

    key = fields.String(required=True, validate=KEY)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(1))
    locales = fields.List(
        fields.String(validate=check_locale), required=True, validate=validate.Length(1, 100)
    )
    name = _by_locale(_text(), required=True)
    about = _by_locale(_text())
    metric = fields.String(allow_none=True)
    composites = _Map(
        keys=fields.String(validate=validate.OneOf(list(COMPOSITES))),
        values=fields.List(fields.String(validate=ID), validate=validate.Length(1, 20)),
    )
    locked = Flag()
    direction = fields.String(validate=validate.OneOf(DIRECTIONS))
    layout = fields.String(validate=validate.OneOf(LAYOUTS))
    footnote = _by_locale(_text())
    words = _by_locale(
        _Map(keys=fields.String(validate=validate.OneOf((*WORDS, *SPARE_WORDS))), values=_text())
    )
    questions = fields.List(fields.Nested(QuestionSchema), required=True, validate=validate.Length(1, 20))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Template:
        parts = {name: tuple(data[name]) for name in ("locales", "questions")}
        items = {key: tuple(of) for key, of in data.get("composites", {}).items()}
        return Template(**{**data, **parts, "composites": items})


SHARED_WORDS = _by_locale(
    fields.Nested(
        Schema.from_dict({key: _text(required=True) for key in (*WORDS, *SPARE_WORDS)}, name="Words")
    )
)
"""The form of the shared words: every word in every locale."""


def as_json(template: Template) -> dict[str, Any]:
    """Write a template as plain JSON, the form in which a survey's version is kept."""
    dumped: dict[str, Any] = TemplateSchema().dump(template)
    return dumped


def from_json(data: Mapping[str, Any]) -> Template:
    """Read what `as_json` wrote; marshmallow's ValidationError says what does not fit."""
    template: Template = TemplateSchema().load(data)
    return template
