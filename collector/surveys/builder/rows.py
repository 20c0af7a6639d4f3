"""What the builder's pages show: surveys, templates, languages, texts, versions, as plain values."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from sqlalchemy.orm import Session

from collector import clock
from collector.instruments import (
    Subject,
    Template,
    completeness,
    localise,
    offered_locales,
    own,
    shipped_words,
)
from collector.surveys import actions, states, wording
from collector.surveys.builder import drafts
from collector.surveys.builder.drafts import Draft
from collector.surveys.builder.texts import is_locked, worded
from collector.surveys.models import MetricSeries, Survey, SurveyVersion
from collector.surveys.running import state_of

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """One survey in the list."""

    survey: Survey
    state: str
    complete: list[str]
    incomplete: list[str]


@dataclass(frozen=True)
class TemplateRow:
    """One template to choose from."""

    key: str
    name: str
    metric: str | None
    locales: list[str]
    is_own: bool


@dataclass(frozen=True)
class LocaleRow:
    """One language of a survey, how far it is said, and whether it lacks what the question is about."""

    tag: str
    name: str
    needed: int
    missing: tuple[str, ...]
    lacks_subject: bool = False

    @property
    def complete(self) -> bool:
        """Whether customers are asked in it."""
        return not self.missing and not self.lacks_subject

    @property
    def done(self) -> int:
        return self.needed - len(self.missing)


@dataclass(frozen=True)
class TextRow:
    """One text to edit; ``group`` is set on the first of a question."""

    name: str
    label: str
    group: str
    source: str
    value: str
    locked: bool


@dataclass(frozen=True)
class VersionRow:
    """One version in a survey's history."""

    version: int
    created_at: datetime
    created_by: str
    note: str
    starts_series: bool
    breaks: list[str]


def surveys(session: Session, workspace_id: uuid.UUID, now: datetime) -> list[Row]:
    """Every survey of a workspace with its state and its languages."""
    rows = []
    for survey in actions.list_surveys(session, workspace_id):
        draft = drafts.current(session, survey)
        asked = offered_locales(draft.template, shipped_words(), draft.subject)
        rest = [tag for tag in draft.template.locales if tag not in asked]
        rows.append(Row(survey, state_of(survey, now), asked, rest))
    return rows


def templates(session: Session, workspace_id: uuid.UUID, language: str) -> list[TemplateRow]:
    """Every template, the workspace's own first."""
    mine = {row.key for row in own.list_own(session, workspace_id)}
    found = own.all_templates(session, workspace_id)
    return [
        TemplateRow(
            key,
            template.name.get(language) or template.name[template.locales[0]],
            template.metric,
            [tag for tag, report in completeness(template, shipped_words()).items() if report.complete],
            key in mine,
        )
        for key, template in found.items()
    ]


def free_key(session: Session, workspace_id: uuid.UUID, entry: Mapping[str, Any]) -> str:
    """A key made of touchpoint (at a journey's end, the journey) and template, with a number where it is taken."""
    place = entry["touchpoint"] or entry["journey"] or "survey"
    base = f"{place[:48]}-{entry['template'][:12]}"
    taken = {survey.key for survey in actions.list_surveys(session, workspace_id)}
    names = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def locales(template: Template, wanted: str, subject: Subject) -> list[LocaleRow]:
    """The languages of a template, each by its own name; one that is wanted and not there yet stands last."""
    told = completeness(template, shipped_words())
    silent = wording.unasked_locales(template, subject)
    rows = [
        LocaleRow(tag, own_name(tag), report.needed, report.missing, tag in silent)
        for tag, report in told.items()
    ]
    if wanted not in told:
        words = worded(template, wanted)
        missing = tuple(name for name, _, here in words if not here)
        rows.append(LocaleRow(wanted, own_name(wanted), len(words), missing))
    return rows


def texts(template: Template, locale: str, typed: Mapping[str, str], gettext: Translate) -> list[TextRow]:
    """Every text of a survey in a language, with what was typed in its place where a form came back."""
    rows, last = [], ""
    for name, source, here in worded(template, locale):
        group = _group(name, gettext)
        locked = is_locked(template, name, locale)
        value = typed.get(f"text.{name}", here)
        rows.append(
            TextRow(name, _label(name, gettext), group if group != last else "", source, value, locked)
        )
        last = group
    return rows


def history(session: Session, survey: Survey) -> list[VersionRow]:
    """The versions of a survey, newest first, with the breaks between them."""
    versions = actions.versions(session, survey.workspace_id, survey.key)
    broken = {row.series_id: row for row in actions.series_of(session, survey.workspace_id, survey.key)}
    older = [row.series_id for row in versions[1:]] + [None]
    return [
        VersionRow(
            row.version,
            row.created_at,
            row.created_by,
            row.note,
            row.series_id != before,
            _broken(broken, row),
        )
        for row, before in zip(versions, older, strict=True)
    ]


def changes(before: Draft, after: Draft, broken: list[str], gettext: Translate) -> list[dict[str, str]]:
    """What breaks, side by side, in words a person can compare."""
    names = {"wording": gettext("Wording"), "labels": gettext("Labels"), "subject": gettext("What it is about"), "locales": gettext("Languages"), "kind": gettext("Kind of question"), "scale": gettext("Scale"), "direction": gettext("Direction"), "layout": gettext("Layout")}  # fmt: skip
    return [
        {"name": names[name], "before": _said(name, before, after), "after": _said(name, after, before)}
        for name in broken
    ]


def moves(state: str, gettext: Translate) -> list[tuple[str, str]]:
    """(state, name of the button) of each step that a survey may take, the likeliest first."""
    names = {
        "published": gettext("Resume") if state == "paused" else gettext("Publish"),
        "paused": gettext("Pause"),
        "closed": gettext("Close"),
    }
    return [(step, name) for step, name in names.items() if step in states.NEXT[state]]


def asked(
    survey: Survey, draft: Draft, company: str, logo: str | None, locale: str, now: datetime
) -> dict[str, Any]:
    """A draft as ``GET /w/v1/survey`` would serve it, in the best language for ``locale``."""
    return {
        "token": "preview",
        "invitation_id": str(uuid.UUID(int=0)),
        "expires_at": clock.iso(now),
        "survey": {"key": survey.key, "version": survey.version, "series": ""},
        "touchpoint": survey.touchpoint,
        "journey": survey.journey,
        "company": {"name": company, "logo": logo},
        **localise(draft.template, draft.subject, [locale]),
        "answered": {"response_id": None, "answers": {}},
    }


def own_name(tag: str) -> str:
    """A language by its own name, the tag where Babel knows none."""
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except ValueError:
        return tag


def _broken(known: Mapping[uuid.UUID, MetricSeries], row: SurveyVersion) -> list[str]:
    found = known.get(row.series_id)
    return list(found.broken_by) if found else []


def _said(name: str, draft: Draft, other: Draft) -> str:
    """One facet of a draft in a line; of wording and labels only what differs from the other draft."""
    template, score = draft.template, draft.template.score
    if name == "subject":
        if isinstance(draft.subject, str):
            return draft.subject or "–"
        return " | ".join(f"{tag}: {text}" for tag, text in draft.subject.items())
    if name in {"direction", "layout"}:
        return str(getattr(template, name)).replace("_", " ")
    if score is None:
        return "–"
    if name == "locales":
        return ", ".join(score.wording)
    if name in {"kind", "scale"}:
        return score.kind
    theirs = other.template.score.wording if other.template.score else {}
    parts = [
        f"{tag}: {' · '.join(filter(None, _worded(name, wording)))}"
        for tag, wording in score.wording.items()
        if tag in theirs and _worded(name, theirs[tag]) != _worded(name, wording)
    ]
    return " | ".join(parts)


def _worded(name: str, wording: Any) -> tuple[str, ...]:
    if name == "wording":
        return (wording.text,)
    return (wording.low, wording.high, *wording.labels, *wording.options.values())


def _group(name: str, gettext: Translate) -> str:
    head, _, rest = name.partition(".")
    if head == "questions":
        question = rest.split(".")[0]
        known = {"score": gettext("The question"), "comment": gettext("The comment")}
        return known.get(question, question)
    return gettext("Buttons and notes") if head == "words" else gettext("Name and footnote")


def _label(name: str, gettext: Translate) -> str:
    known = {
        "name": gettext("Name of the survey"),
        "footnote": gettext("Footnote"),
        "text": gettext("Text"),
        "low": gettext("Low end"),
        "high": gettext("High end"),
        "words.send": gettext("Button: send"),
        "words.close": gettext("Button: close"),
        "words.retry": gettext("Button: try again"),
        "words.thanks": gettext("Thanks"),
        "words.thanks_more": gettext("Thanks, second line"),
        "words.optional": gettext("Beside a question that may be skipped"),
        "words.of": gettext("A point of the scale, read aloud"),
        "words.error": gettext("When the answer could not be sent"),
        "words.choose": gettext("When nothing was chosen"),
        "words.sent": gettext("When the answer has arrived"),
        "words.change": gettext("While a choice may still be changed"),
    }
    if name in known:
        return known[name]
    *_, before, last = ("", *name.split("."))
    if before == "labels":
        return gettext("Label %(which)s") % {"which": int(last) + 1}
    if before == "prompts":
        return gettext("Instead, for %(which)s") % {"which": last}
    if before == "options":
        return gettext("Option %(which)s") % {"which": last}
    return known.get(last, last)
