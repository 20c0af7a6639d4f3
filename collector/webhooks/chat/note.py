"""What a chat is told of an event, in the company's language: a headline, some facts, a link. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from collector.addresses import Addresses
from collector.locale import Speaker
from collector.webhooks.kinds import TEST

KINDS = ("signal.raised", "insight.changed", "action.changed")
"""What a chat can be told of: what people act on. The rest is for machines."""
QUIET = {"edited", "commented", "attached", "cited"}
"""What is no news to a whole channel."""
LONGEST = 200


@dataclass(frozen=True)
class Note:
    """One message: what happened, to what (as people wrote it), the facts beside it, and where to look."""

    happened: str
    title: str
    facts: tuple[tuple[str, str], ...]
    link: str
    link_words: str
    language: str


@dataclass(frozen=True)
class Names:
    """What keys are called here: of touchpoints and of stakeholders."""

    touchpoints: Mapping[str, str]
    owners: Mapping[str, str]


def is_said(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether a chat is told of this event."""
    return kind in KINDS and data.get("verb") not in QUIET


def note(kind: str, data: Mapping[str, Any], names: Names, addresses: Addresses, speaker: Speaker) -> Note:
    """What to say of an event."""
    title = " ".join(str(data.get("title") or "").split())
    return Note(
        happened=_happened(kind, str(data.get("verb", "")), speaker),
        title=title if len(title) <= LONGEST else title[: LONGEST - 1] + "…",
        facts=tuple(_facts(data, names, speaker)),
        link=addresses.whole(_path(data)),
        link_words=speaker.gettext("Open in Afterword"),
        language=speaker.language,
    )


def _happened(kind: str, verb: str, speaker: Speaker) -> str:
    said = {
        "filed": speaker.gettext("New insight"),
        "new": speaker.gettext("Insight back to new"),
        "accepted": speaker.gettext("Insight accepted"),
        "working": speaker.gettext("Insight being worked on"),
        "checked": speaker.gettext("Insight checked"),
        "declined": speaker.gettext("Insight declined"),
        "recovered": speaker.gettext("It has recovered"),
        "back": speaker.gettext("It hurts again"),
        "worse": speaker.gettext("It has become worse"),
        "planned": speaker.gettext("New action"),
        "dropped": speaker.gettext("Action dropped"),
        "open": speaker.gettext("Action open again"),
    }
    if verb == "done":
        is_action = kind == "action.changed"
        return speaker.gettext("Action done") if is_action else speaker.gettext("Insight done")
    if kind == TEST:
        return speaker.gettext("A test from Afterword")
    if kind == "signal.raised":
        return speaker.gettext("New signal")
    return said.get(verb) or speaker.gettext("Insight changed")


def _facts(data: Mapping[str, Any], names: Names, speaker: Speaker) -> list[tuple[str, str]]:
    found = []
    if place := data.get("touchpoint"):
        at = names.touchpoints.get(place, place)
        if before := data.get("before"):
            at = f"{names.touchpoints.get(before, before)} → {at}"
        found.append((speaker.gettext("Touchpoint"), at))
    if owners := data.get("owners"):
        found.append((speaker.gettext("Owners"), ", ".join(names.owners.get(key, key) for key in owners)))
    if due := data.get("due"):
        found.append((speaker.gettext("Due"), speaker.day(date.fromisoformat(due))))
    return found


def _path(data: Mapping[str, Any]) -> str:
    if insight := data.get("insight_id"):
        return f"/insights/{insight}"
    if hook := data.get("webhook_id"):
        return f"/webhooks/{hook}"
    if signal := data.get("signal_id"):
        return f"/signals/{signal}"
    return "/"
