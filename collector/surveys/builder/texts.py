"""A survey as it would be: its template with edited words, before anything is stored. Pure.

Texts are named as in translation files (``questions.score.text``), so a form survives that questions move.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale, UnknownLocaleError

from collector.errors import BadInput
from collector.instruments import (
    Slot,
    Template,
    as_json,
    name_of,
    put,
    rules,
    shipped_words,
    texts,
    without_halves,
)


def worded(template: Template, locale: str) -> list[tuple[str, str, str]]:
    """(name, what the first language says, what ``locale`` says) of every text that customers read, in order."""
    words = shipped_words()
    source = texts.said(template, template.locales[0], words)
    here = texts.said(template, locale, words)
    slots = texts.needed(template)
    return [(name_of(template, slot), source.get(slot, ""), here.get(slot, "")) for slot in slots]


def is_locked(template: Template, name: str, locale: str) -> bool:
    """Whether a text is part of a standard instrument, whose wording is not to be edited."""
    of = next((each for each in template.asked if name.startswith(f"questions.{each.id}.")), None)
    return template.locked and of is not None and locale in of.wording


def reword(
    template: Template, locale: str, given: Mapping[str, str], actor: str, origin: str = ""
) -> Template:
    """The template with these texts in a locale (empty ones are taken out); raises 422 naming each that does not fit.

    ``origin`` names the file that they came in.

    A locale that the template does not speak yet is added; it is offered to customers once it says everything.
    """
    check_locale(locale)
    said_by = (
        (f"Translation from {origin}", "back_translation_pending")
        if origin
        else (f"Edited by {actor}", "own")
    )
    data, names = as_json(template), {}
    words = shipped_words()
    before = texts.said(template, locale, words)
    if locale not in data["locales"]:
        data["locales"] = [*data["locales"], locale]
    for slot in texts.needed(template):
        name = name_of(template, slot)
        names[texts.place(slot, locale)] = name
        text = given.get(name, before.get(slot, "")).strip()
        if text == before.get(slot, ""):
            continue
        if is_locked(template, name, locale):
            raise _locked(name)
        if text:
            put(data, slot, locale, text, *said_by)
        else:
            _take_out(data, texts.place(slot, locale))
    return _checked(without_halves(data, locale), names)


def _checked(template: Template, names: Mapping[tuple[str | int, ...], str]) -> Template:
    wrong: dict[str, list[str]] = {}
    for finding in rules.errors(template, shipped_words()):
        wrong.setdefault(names.get(finding.path, ".".join(map(str, finding.path))), []).append(
            finding.message
        )
    if wrong:
        raise BadInput("Some texts do not fit.", "invalid_template", wrong)
    return template


def _take_out(data: dict[str, Any], path: Slot) -> None:
    *way, last = path
    node: Any = data
    for step in way:
        node = node[step] if isinstance(step, int) else node.get(step, {})
    if isinstance(last, int):
        node[last] = ""
    else:
        node.pop(last, None)


def check_locale(locale: str) -> None:
    """Raises 422 for what is no language tag."""
    try:
        Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        detail = "must be a language tag such as de or pt-BR"
        raise BadInput("There is no such language.", "unknown_locale", {"locale": [detail]}) from None


def _locked(name: str) -> BadInput:
    detail = "is part of a standard instrument; to ask otherwise, use a template of your own"
    return BadInput("A standard instrument keeps its wording.", "locked_instrument", {name: [detail]})
