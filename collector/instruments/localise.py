"""A template in one language: the part of `GET /w/v1/survey` that the customer reads.

Only locales that say everything are offered, so that no customer meets a survey in two languages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from collector.instruments.files import shipped_words
from collector.instruments.kinds import KINDS
from collector.instruments.question import Question
from collector.instruments.subject import Subject, filled, subject_in, without_subject
from collector.instruments.template import Template, TemplateQuestion, Text, Wording
from collector.instruments.texts import Slot, gaps, needed, words_in
from collector.locale import best, direction


class Localised(TypedDict):
    """A survey in one language, as the wire has it."""

    locale: str
    dir: str
    questions: list[Question]
    words: dict[str, str]
    footnote: str | None


@dataclass(frozen=True)
class Completeness:
    """How far a locale is translated: texts needed, and the paths of those missing."""

    needed: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the locale says everything, and so is offered."""
        return not self.missing


def localise(
    template: Template,
    subject: Subject,
    preferred: Sequence[str],
    words: Mapping[str, Text] | None = None,
) -> Localised:
    """Put a template into the best locale for the preferences, the most wanted first.

    `words` are the widget's by locale, where they are not the shipped ones.
    """
    words = shipped_words() if words is None else words
    locale = best_locale(template, preferred, words, subject)
    named = subject_in(subject, locale)
    footnote = template.footnote.get(locale)
    return {
        "locale": locale,
        "dir": direction(locale),
        "questions": [_question(question, locale, named) for question in template.questions],
        "words": words_in(template, locale, words),
        "footnote": filled(footnote, named) if footnote else None,
    }


def best_locale(
    template: Template, preferred: Sequence[str], words: Mapping[str, Text], subject: Subject = ""
) -> str:
    """Choose among the locales offered: the best match, else `en`, else the first of them."""
    offered = (
        offered_locales(template, words, subject) or whole_locales(template, words) or [template.locales[0]]
    )
    by_folded = {locale.casefold(): locale for locale in offered}
    fallback = "en" if "en" in offered else offered[0]
    # Babel gives back the tag as the customer's browser wrote it, so its case may differ from the template's.
    return by_folded[best([tag.strip() for tag in preferred], offered, fallback).casefold()]


def offered_locales(template: Template, words: Mapping[str, Text], subject: Subject = "") -> list[str]:
    """The locales in which customers are asked: they say everything, and what it is about where a question names that."""
    whole = whole_locales(template, words)
    without = without_subject(template, subject, whole)
    return [locale for locale in whole if locale not in without]


def whole_locales(template: Template, words: Mapping[str, Text]) -> list[str]:
    """The locales that say everything, whatever it is about."""
    return [locale for locale in template.locales if not gaps(template, locale, words)]


def completeness(template: Template, words: Mapping[str, Text]) -> dict[str, Completeness]:
    """Say for each locale how far it is translated."""
    slots: list[Slot] = needed(template)
    return {
        locale: Completeness(
            len(slots), tuple(".".join(map(str, gap.path)) for gap in gaps(template, locale, words))
        )
        for locale in template.locales
    }


def _question(question: TemplateQuestion, locale: str, subject: str) -> Question:
    wording = question.wording[locale]
    asked: Question = {
        "id": question.id,
        "kind": question.kind,
        "text": filled(wording.text, subject),
        "required": question.required,
    }
    if question.show_if is not None:
        asked["show_if"] = question.show_if
    _add_scale(asked, question, wording, subject)
    _add_options(asked, question, wording, subject)
    _add_text(asked, question, wording, subject)
    return asked


def _add_scale(asked: Question, question: TemplateQuestion, wording: Wording, subject: str) -> None:
    kind = KINDS[question.kind]
    if kind.scale is not None and kind.ranged:
        asked["min"], asked["max"] = kind.scale[0], kind.scale[-1]
    if kind.endpoints:
        asked["low"], asked["high"] = filled(wording.low, subject), filled(wording.high, subject)
    if kind.labels:
        asked["labels"] = [filled(label, subject) for label in wording.labels]


def _add_options(asked: Question, question: TemplateQuestion, wording: Wording, subject: str) -> None:
    if question.options:
        labels = wording.options
        asked["options"] = [{"key": key, "label": filled(labels[key], subject)} for key in question.options]
    if question.kind == "multiple_choice":
        asked["min_choices"] = question.min_choices or 0
        asked["max_choices"] = question.max_choices or len(question.options)


def _add_text(asked: Question, question: TemplateQuestion, wording: Wording, subject: str) -> None:
    limit = KINDS[question.kind].max_length
    if limit is not None:
        asked["max_length"] = question.max_length or limit
    if question.kind == "comment":
        asked["prompts"] = [
            {**condition, "text": filled(wording.prompts[name], subject)}
            for name, condition in question.prompts.items()
        ]
