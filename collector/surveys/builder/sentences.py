"""The question whole, in each language, with what it is about in its place: so that nobody reads half of another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collector.instruments import Template, completeness, filled, shipped_words
from collector.surveys.builder.forms import SUBJECT
from collector.surveys.builder.rows import own_name

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

    @property
    def names_subject(self) -> bool:
        return NAME in self.pattern

    @property
    def lacks_subject(self) -> bool:
        """Whether nobody is asked in this language, as the question would not say what it is about."""
        return self.names_subject and NAME in self.said


def sentences(template: Template, given: Mapping[str, str]) -> list[Sentence]:
    """The first question in every language that the template speaks whole, with what the form says it is about."""
    asked = template.score or template.questions[0]
    whole = [tag for tag, report in completeness(template, shipped_words()).items() if report.complete]
    one = given.get("subject", "").strip()
    found = []
    for tag in whole:
        own, pattern = given.get(SUBJECT + tag, ""), asked.wording[tag].text
        about = own.strip() or one
        said = filled(pattern, about) if about else pattern
        found.append(Sentence(tag, own_name(tag), SUBJECT + tag, own, pattern, said))
    return found
