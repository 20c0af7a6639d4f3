"""A template's texts on their way to a translator and back, whatever the file's format (`po.py`, `xliff.py`).

Out: one `Unit` per text, under a name that stays when questions move. Back in: what fits is taken; what does not is
named as a `Loss` and leaves the template as it was. Nothing is taken in silence, and nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from collector.errors import BadInput
from collector.instruments import rules
from collector.instruments.files import shipped_words
from collector.instruments.kinds import KINDS
from collector.instruments.schemas import as_json, from_json
from collector.instruments.template import Template
from collector.instruments.texts import Slot, needed, place, said


@dataclass(frozen=True)
class Unit:
    """One text: its name (``questions.score.text``), what it says in the source language, its translation ("" for none)."""

    name: str
    source: str
    target: str = ""
    note: str = ""


@dataclass(frozen=True)
class Exchange:
    """A template's texts from one language into another, as a file holds them."""

    template: str
    source: str
    target: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Loss:
    """A text of the file that was not taken, and why: a code and a sentence."""

    name: str
    code: str
    message: str


@dataclass(frozen=True)
class Merged:
    """What an import makes of a template: the new one, the names of the texts that changed, and what was lost."""

    template: Template
    taken: tuple[str, ...]
    losses: tuple[Loss, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.taken)


def export(template: Template, locale: str) -> Exchange:
    """Every text of a template for a translator into ``locale`` (one it speaks already, or a new one)."""
    source = template.locales[0]
    if locale == source:
        raise BadInput(f"{locale} is the language the others are translated from.", "source_locale")
    words = shipped_words()
    says, translated = said(template, source, words), said(template, locale, words)
    units = tuple(
        Unit(name_of(template, slot), says[slot], translated.get(slot, ""), _note(template, slot, locale))
        for slot in needed(template)
    )
    return Exchange(template.key, source, locale, units)


def merge(template: Template, exchange: Exchange, origin: str, losses: Sequence[Loss] = ()) -> Merged:
    """Put a translator's texts into a template; ``origin`` (the file's name) is kept as the wording's source.

    Raises 422 where the file belongs to another template or language, or would make the template unusable.
    """
    _check_head(template, exchange)
    slots = {name_of(template, slot): slot for slot in needed(template)}
    before = said(template, exchange.target, shipped_words())
    data, lost = as_json(template), list(losses)
    taken: dict[str, str] = {}
    for unit in exchange.units:
        slot = slots.get(unit.name)
        if slot is None:
            lost.append(Loss(unit.name, "unknown_text", "the template has no such text"))
        elif loss := _refused(template, slot, unit):
            lost.append(loss)
        elif unit.target and unit.target != before.get(slot):
            put(data, slot, exchange.target, unit.target, f"Translation from {origin}")
            taken[unit.name] = unit.target
    named = {unit.name for unit in exchange.units}
    lost += [
        Loss(name, "not_in_file", "the file does not hold this text") for name in slots if name not in named
    ]
    merged = _whole(data, exchange.target) if taken else template
    says = said(merged, exchange.target, shipped_words())
    halves = [name for name, text in taken.items() if says.get(slots[name]) != text]
    lost += [Loss(name, "incomplete", "its question's text or another label is missing") for name in halves]
    return Merged(merged, tuple(name for name in taken if name not in halves), tuple(lost))


def _check_head(template: Template, exchange: Exchange) -> None:
    if exchange.template != template.key:
        detail = f"The file belongs to {exchange.template!r}, not to {template.key!r}."
        raise BadInput(detail, "other_template", {"file": [detail]})
    if exchange.source != template.locales[0]:
        detail = (
            f"The file translates from {exchange.source}; {template.key} is written in {template.locales[0]}."
        )
        raise BadInput(detail, "other_source_locale", {"file": [detail]})
    if exchange.target == exchange.source:
        raise BadInput("The file translates a language into itself.", "source_locale")


def _refused(template: Template, slot: Slot, unit: Unit) -> Loss | None:
    """Why a translation cannot be taken as it is: its source changed meanwhile, or it is no fit text."""
    now = said(template, template.locales[0], shipped_words())[slot]
    if unit.source != now:
        return Loss(
            unit.name, "source_changed", f"the text was translated from {unit.source!r}; it now says {now!r}"
        )
    if unit.target and (unit.target != unit.target.strip() or len(unit.target) > 500):
        return Loss(unit.name, "bad_text", "must be at most 500 characters, without spaces at its ends")
    return None


def _whole(data: dict[str, Any], locale: str) -> Template:
    """The template with the new texts; questions that the locale does not say yet are left out of it."""
    if locale not in data["locales"]:
        data["locales"] = [*data["locales"], locale]
    merged = without_halves(data, locale)
    problems = rules.errors(merged, shipped_words())
    if problems:
        fields = {".".join(map(str, problem.path)): [problem.message] for problem in problems}
        raise BadInput("The translations do not fit the template.", "invalid_template", fields)
    return merged


def without_halves(data: dict[str, Any], locale: str) -> Template:
    """A wording needs its text, and all labels or none; what is half there cannot be kept."""
    for question in data["questions"]:
        wording = question["wording"].get(locale)
        if wording is None:
            continue
        labels = [label for label in wording.get("labels", []) if label]
        if labels and len(labels) != KINDS[question["kind"]].labels:
            del wording["labels"]
        if not wording.get("text"):
            del question["wording"][locale]
    return from_json(data)


def put(
    data: dict[str, Any],
    slot: Slot,
    locale: str,
    text: str,
    source: str,
    status: str = "back_translation_pending",
) -> None:
    """Set one text in a template's JSON, and where the wording of its question now comes from."""
    *path, last = place(slot, locale)
    node: Any = data
    for step, following in zip(path, [*path[1:], last], strict=True):
        empty: Any = [] if isinstance(following, int) else {}
        node = node[step] if isinstance(step, int) else node.setdefault(step, empty)
    if isinstance(last, int):
        node.extend([""] * (last + 1 - len(node)))
    node[last] = text
    if slot[0] == "questions":
        wording = data["questions"][slot[1]]["wording"][locale]
        wording |= {"source": source[:500], "status": status}


def name_of(template: Template, slot: Slot) -> str:
    """A slot by the question's id instead of its place, so that moving a question keeps its translations."""
    if slot[0] == "questions":
        slot = (slot[0], template.questions[int(slot[1])].id, *slot[2:])
    return ".".join(map(str, slot))


def _note(template: Template, slot: Slot, locale: str) -> str:
    """What a translator should know about a text."""
    notes = []
    says = said(template, template.locales[0], shipped_words())[slot]
    for name in ("{subject}", "{value}", "{max}"):
        if name in says:
            notes.append(f"keep {name} as it is")
    if template.locked and slot[0] == "questions" and slot[-1] != "prompts":
        notes.append("part of a locked instrument: translate its meaning exactly")
    return "; ".join(notes)
