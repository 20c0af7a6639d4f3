"""Which metric series an answer belongs to: a number stays comparable only while its question stays the same.

The *facets* of the score question are everything that may move the number: kind, scale, direction, layout, labels,
wording (in every locale) and what the question is about. (Where several questions make the number together, those of
all of them.) Their hash is the series' fingerprint; where two differ,
`breaks` names what changed. Comments, names and footnotes are no facets: changing them breaks nothing.
"""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from typing import TypedDict

from collector.instruments.kinds import KINDS
from collector.instruments.subject import Subject, names_subject, subject_in
from collector.instruments.template import Template, TemplateQuestion, Wording

_FORM = "afterword/series/v1"


class _Facets(TypedDict):
    """All that a series is bound to, as plain JSON; the keys are the names of the changes that break it."""

    kind: str | None
    scale: list[int]
    direction: str
    layout: str
    locales: list[str]
    labels: dict[str, dict[str, str]]
    wording: dict[str, str]
    subject: dict[str, str]


def fingerprint(template: Template, subject: Subject = "") -> str:
    """Name the series of a survey: 64 hex digits, the same for the same facets in any order of writing."""
    facets = {"form": _FORM, **_facets(template, subject)}
    text = json.dumps(facets, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def breaks(old: Template, new: Template, old_subject: Subject = "", new_subject: Subject = "") -> list[str]:
    """Name what makes the new question another number than the old; [] where the series goes on.

    A locale that comes or goes is the change `locales`; `labels` and `wording` compare the locales of both.
    """
    before, after = _facets(old, old_subject), _facets(new, new_subject)
    shared = set(before["locales"]) & set(after["locales"])
    changed = {
        "kind": before["kind"] != after["kind"],
        "scale": before["scale"] != after["scale"],
        "direction": before["direction"] != after["direction"],
        "layout": before["layout"] != after["layout"],
        "locales": before["locales"] != after["locales"],
        "labels": any(before["labels"][locale] != after["labels"][locale] for locale in shared),
        "wording": any(before["wording"][locale] != after["wording"][locale] for locale in shared),
        "subject": bool(before["subject"]) != bool(after["subject"])
        or any(_about(old, old_subject, tag) != _about(new, new_subject, tag) for tag in shared),
    }
    return [name for name, differs in changed.items() if differs]


def _facets(template: Template, subject: Subject) -> _Facets:
    """Collect what the number depends on; a template without a score question is bound to its layout only."""
    asked = template.asked
    tags = [tag for tag in (asked[0].wording if asked else ()) if all(tag in each.wording for each in asked)]
    said = {tag: [each.wording[tag] for each in asked] for tag in tags}
    named = {tag: any(map(names_subject, wordings)) for tag, wordings in said.items()}
    return {
        "kind": " ".join(each.kind for each in asked) or None,
        "scale": list(KINDS[asked[0].kind].scale or ()) if asked else [],
        "direction": template.direction,
        "layout": template.layout,
        "locales": sorted(
            tag for tag in tags if isinstance(subject, str) or not named[tag] or subject_in(subject, tag)
        ),
        "labels": {tag: _labels_of_all(asked, tag) for tag in tags},
        "wording": {tag: _plain(" ".join(each.text for each in wordings)) for tag, wordings in said.items()},
        "subject": _subjects(subject) if any(named.values()) else {},
    }


def _labels_of_all(asked: Sequence[TemplateQuestion], locale: str) -> dict[str, str]:
    """The words on the scale of a question; of several, beside the question's id."""
    if len(asked) == 1:
        return _labels(asked[0], asked[0].wording[locale])
    every = {each.id: _labels(each, each.wording[locale]) for each in asked}
    return {f"{key} {name}": text for key, labels in every.items() for name, text in labels.items()}


def _labels(question: TemplateQuestion, wording: Wording) -> dict[str, str]:
    """Every word on the scale by its place; the order of options is a facet as well, hence the numbers."""
    ends = {"low": wording.low, "high": wording.high}
    points = {f"label {index}": label for index, label in enumerate(wording.labels)}
    options = {f"option {i} {key}": wording.options.get(key, "") for i, key in enumerate(question.options)}
    return {name: _plain(text) for name, text in {**ends, **points, **options}.items() if text}


def _subjects(subject: Subject) -> dict[str, str]:
    by_locale = {"": subject} if isinstance(subject, str) else subject
    return {locale: _plain(text) for locale, text in by_locale.items()}


def _about(template: Template, subject: Subject, locale: str) -> str:
    """What the question is about in a language, as far as its words say so."""
    named = any(names_subject(each.wording[locale]) for each in template.asked)
    return _plain(subject_in(subject, locale)) if named else ""


def _plain(text: str) -> str:
    """The text without what nobody sees: composed characters, and one space for any white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())
