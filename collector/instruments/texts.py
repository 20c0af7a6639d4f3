"""What a template says in each locale: every text by its slot, which are missing, which are not fit to be shown.

A *slot* is a place for a text whatever the locale: `("name",)`, `("questions", 0, "labels", 2)`, `("words", "send")`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from collector.instruments.kinds import KINDS
from collector.instruments.template import WORDS, Template, TemplateQuestion, Text

Slot = tuple[str | int, ...]

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|[{}]")
_MARK_MISUSE = re.compile(r"\bNPS[®\s-]+Score\b", re.IGNORECASE)
# Pictures, but not ®, ™ and ℠: faces bias a rating, and the NPS ones are a registered mark.
_PICTURE = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_OF_WORDS = {"of": {"{value}", "{max}"}}


class Finding(NamedTuple):
    """One thing that does not fit: its path in the file, a code, and a sentence."""

    path: tuple[str | int, ...]
    code: str
    message: str


def needed(template: Template) -> list[Slot]:
    """List the slots that every locale offered must fill."""
    footnote: list[Slot] = [("footnote",)] if template.footnote else []
    questions = [("questions", i, *rest) for i, q in enumerate(template.questions) for rest in _needed_by(q)]
    return [("name",), *footnote, *questions, *(("words", key) for key in WORDS)]


def said(template: Template, locale: str, words: Mapping[str, Text]) -> dict[Slot, str]:
    """Collect what a template says in a locale, the shared `words` included, by slot."""
    whole = {"name": template.name, "about": template.about, "footnote": template.footnote}
    texts: dict[Slot, str] = {(key,): text[locale] for key, text in whole.items() if locale in text}
    for index, question in enumerate(template.questions):
        texts.update({("questions", index, *rest): text for rest, text in _said_by(question, locale)})
    texts.update({("words", key): text for key, text in words_in(template, locale, words).items()})
    return texts


def words_in(template: Template, locale: str, words: Mapping[str, Text]) -> dict[str, str]:
    """The widget's words in a locale: the shared ones (those of `de` serve `de-AT`), the template's own on top."""
    shared = words.get(locale, words.get(locale.split("-")[0], {}))
    return {**shared, **template.words.get(locale, {})}


def place(slot: Slot, locale: str) -> tuple[str | int, ...]:
    """The path of a slot in the template file."""
    if slot[0] == "questions":
        return (*slot[:2], "wording", locale, *slot[2:])
    return (slot[0], locale, *slot[1:])


def gaps(template: Template, locale: str, words: Mapping[str, Text]) -> list[Finding]:
    """List what a locale does not say; a locale with gaps is not offered."""
    filled = said(template, locale, words)
    code = "missing" if locale == template.locales[0] else "missing_translation"
    missing = [slot for slot in needed(template) if slot not in filled]
    return [Finding(place(slot, locale), code, f"is missing in {locale}") for slot in missing]


def faults(template: Template, words: Mapping[str, Text]) -> Iterator[Finding]:
    """Yield the texts that must not be shown: unlike placeholders, pictures, a mark misused."""
    source = said(template, template.locales[0], words)
    for locale in template.locales:
        for slot, text in said(template, locale, words).items():
            here = place(slot, locale)
            yield from _placeholder_faults(slot, text, source.get(slot), here)
            if _MARK_MISUSE.search(text):
                yield Finding(here, "mark", "must not say NPS Score; the mark is Net Promoter Score")
            if _PICTURE.search(text):
                yield Finding(here, "picture", "must be words, not pictures")


def _placeholder_faults(
    slot: Slot, text: str, source: str | None, here: tuple[str | int, ...]
) -> Iterator[Finding]:
    allowed = _OF_WORDS.get(str(slot[-1]), set()) if slot[0] == "words" else {"{subject}"}
    found = sorted(_PLACEHOLDER.findall(text))
    for name in sorted(set(found) - allowed):
        yield Finding(
            here, "placeholder", f"{name} is not filled; here only {', '.join(allowed) or 'none'} is"
        )
    if source is not None and found != sorted(_PLACEHOLDER.findall(source)):
        yield Finding(here, "placeholder", "must hold the same placeholders in every locale")


def _needed_by(question: TemplateQuestion) -> Iterator[Slot]:
    kind = KINDS[question.kind]
    yield ("text",)
    if kind.endpoints:
        yield from (("low",), ("high",))
    yield from (("labels", index) for index in range(kind.labels))
    yield from (("options", key) for key in question.options)
    yield from (("prompts", key) for key in question.prompts)


def _said_by(question: TemplateQuestion, locale: str) -> Iterator[tuple[Slot, str]]:
    wording = question.wording.get(locale)
    if wording is None:
        return
    for name in ("text", "low", "high"):
        if getattr(wording, name):
            yield (name,), getattr(wording, name)
    yield from ((("labels", index), label) for index, label in enumerate(wording.labels))
    yield from ((("options", key), label) for key, label in wording.options.items())
    yield from ((("prompts", key), text) for key, text in wording.prompts.items())
