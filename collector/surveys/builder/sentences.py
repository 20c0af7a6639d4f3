"""The question whole, in each language, with what it is about in its place: so that nobody reads half of another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collector.instruments import Subject, Template, filled, shipped_words, whole_locales
from collector.surveys.builder.forms import SUBJECT
from collector.surveys.builder.rows import own_name
from collector.surveys.wording import unasked_locales

NAME = "{subject}"


@dataclass(frozen=True)
class Sentence:
    """One language's question; ``field`` takes what it is about, where the question names it."""

    tag: str
    name: str
    field: str
    given: str
    pattern: str
    said: str
    lacks_subject: bool
    """Whether nobody is asked in this language, as the question would not say what it is about."""

    @property
    def names_subject(self) -> bool:
        return NAME in self.pattern


def sentences(template: Template, given: Mapping[str, str], subject: Subject) -> list[Sentence]:
    """The first question in every language that the template speaks whole, with what the form says it is about."""
    asked = template.score or template.questions[0]
    silent = set(unasked_locales(template, subject))
    one = given.get("subject", "").strip()
    found = []
    for tag in whole_locales(template, shipped_words()):
        own, pattern = given.get(SUBJECT + tag, ""), asked.wording[tag].text
        about = own.strip() or one
        said = filled(pattern, about) if about else pattern
        found.append(Sentence(tag, own_name(tag), SUBJECT + tag, own, pattern, said, tag in silent))
    return found
