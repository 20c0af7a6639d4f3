"""Touchpoints, owners and personas: three nouns, one pair of pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from collector import changes, errors
from collector.journeys import definitions, reading, rows
from collector.journeys.definitions import Persona, Stakeholder, Touchpoint
from collector.journeys.pages import forms
from collector.journeys.pages.merge import Form

Item = Touchpoint | Stakeholder | Persona


@dataclass(frozen=True)
class Noun:
    """A kind of definition: its place in the address, how it is read, its form and its JSON."""

    section: str
    name: str
    get: Callable[[Session, uuid.UUID, str], Item]
    all: Callable[[Session, uuid.UUID], tuple[Item, ...]]
    make: Callable[[Mapping[str, Any]], Item]
    form: Callable[[Any], dict[str, str]]
    json: Callable[[Form], dict[str, Any]]

    def form_at(self, session: Session, workspace_id: uuid.UUID, item: Item, revision: int) -> dict[str, str]:
        """The form as somebody read it at an earlier revision; as it is now where there was none such."""
        since = item.revision - revision
        if since < 1:
            return self.form(item)
        found = changes.changes(session, workspace_id, noun=self.name, key=item.key, limit=since)
        before = found[-1].before if found else None
        return self.form(item if before is None else self.make(before))


NOUNS = {
    noun.section: noun
    for noun in (
        Noun(
            "touchpoints", "touchpoint", reading.touchpoint, rows.touchpoints, definitions.touchpoint,
            forms.touchpoint_form, forms.touchpoint_json,
        ),
        Noun(
            "owners", "stakeholder", reading.stakeholder, rows.stakeholders, definitions.stakeholder,
            forms.owner_form, forms.owner_json,
        ),
        Noun(
            "personas", "persona", reading.persona, rows.personas, definitions.persona,
            forms.persona_form, forms.persona_json,
        ),
    )
}  # fmt: skip


def named(section: str) -> Noun:
    if section not in NOUNS:
        raise errors.NotFound("There is no such page.", "unknown_page")
    return NOUNS[section]
