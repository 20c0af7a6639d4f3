"""What a survey is about, as its question says it: one text for all languages, or one for each.

A name needs only one; other words need one per language, and a language without any is not offered to customers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from marshmallow import ValidationError, fields, validate

from collector.instruments.schemas import check_locale
from collector.instruments.template import Template, Text, Wording

Subject = str | Text
"""What `{subject}` stands for: one text for all locales, or one per locale."""

LONGEST = 120
_NAME = "{subject}"


class SubjectField(fields.Field[Subject]):
    """A subject of a file or a body: a text, or a text by language."""

    _one = fields.String(validate=validate.Length(max=LONGEST))
    _each = fields.Dict(
        keys=fields.String(validate=check_locale),
        values=fields.String(validate=validate.Length(1, LONGEST)),
        validate=validate.Length(1, 100),
    )

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> Subject:
        if isinstance(value, str):
            return self._one.deserialize(value, attr)
        if not isinstance(value, dict):
            raise ValidationError("must be a text, or a text by language such as {de: dem Besuch}")
        found: dict[str, str] = self._each.deserialize(value, attr)
        return found


def subject_in(subject: Subject, locale: str) -> str:
    """What it says in a locale (the text of `de` serves `de-AT`); an empty text where it says nothing."""
    if isinstance(subject, str):
        return subject
    return subject.get(locale) or subject.get(locale.split("-")[0]) or ""


def filled(text: str, subject: str) -> str:
    """A text with the subject in its place."""
    return text.replace(_NAME, subject)


def names_subject(wording: Wording) -> bool:
    """Whether a question's words in one language name the subject anywhere."""
    parts = (wording.text, wording.low, wording.high, *wording.labels)
    return any(_NAME in text for text in (*parts, *wording.options.values(), *wording.prompts.values()))


def without_subject(template: Template, subject: Subject, locales: Sequence[str]) -> list[str]:
    """The locales in which the template names a subject, and none is given."""
    return [tag for tag in locales if not subject_in(subject, tag).strip() and _named_in(template, tag)]


def by_locale(subject: Subject, locales: Sequence[str]) -> Mapping[str, str]:
    """What it says in each of these locales, those without a text left out."""
    return dict(_said(subject, locales))


def _said(subject: Subject, locales: Sequence[str]) -> Iterator[tuple[str, str]]:
    for tag in locales:
        if text := subject_in(subject, tag):
            yield tag, text


def _named_in(template: Template, locale: str) -> bool:
    spoken = (question.wording.get(locale) for question in template.questions)
    footnote = template.footnote.get(locale, "")
    return _NAME in footnote or any(names_subject(wording) for wording in spoken if wording)
