"""Warnings about documents that can be applied, yet hardly describe a customer's journey. Pure.

A journey is no campaign, no single interaction, no row of clicks and no internal process: four warnings bear
these names. Two more say which touchpoints nobody answers for and which no journey passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from collector.journeys.checks import Finding
from collector.journeys.definitions import Definitions, Journey, Touchpoint

SENT_OUT = {"email", "sms", "social", "letter"}
DIGITAL = {"web", "app"}
CLICKS = re.compile(
    r"\b(?:page|pages|click|clicks|view|views|scroll|button|banner|url|seite|seiten|klick|klicks|aufruf|"
    r"seitenaufruf|startseite|unterseite)\b|[a-z]*(?:page|seite|klick)\b|(?:^|\s)/\w",
    re.IGNORECASE,
)

Touchpoints = Mapping[str, Touchpoint]


def find(document: Definitions) -> list[Finding]:
    """The warnings that a document earns."""
    touchpoints = {item.key: item for item in document.touchpoints}
    return [*_of_journeys(document, touchpoints), *_of_touchpoints(document)]


def _of_journeys(document: Definitions, touchpoints: Touchpoints) -> Iterator[Finding]:
    for index, journey in enumerate(document.journeys):
        for code, (looks_like, message) in LOOKS.items():
            if looks_like(journey, touchpoints):
                yield Finding(("journeys", index), code, message)


def _of_touchpoints(document: Definitions) -> Iterator[Finding]:
    passed = {key for journey in document.journeys for key in journey.touchpoints}
    for index, touchpoint in enumerate(document.touchpoints):
        path = ("touchpoints", index)
        if not touchpoint.owners:
            yield Finding(path, "unowned_touchpoint", f"nobody owns the touchpoint {touchpoint.key}")
        if document.journeys and touchpoint.key not in passed:
            message = f"no journey in this file passes the touchpoint {touchpoint.key}"
            yield Finding(path, "unused_touchpoint", message)


def _is_campaign(journey: Journey, touchpoints: Touchpoints) -> bool:
    met = [touchpoints.get(key) for key in journey.touchpoints]
    return bool(met) and all(item and item.stage == "before" and item.channel in SENT_OUT for item in met)


def _is_single_interaction(journey: Journey, _touchpoints: Touchpoints) -> bool:
    return len(journey.touchpoints) == 1 and all(step.touchpoint for step in journey.steps)


def _is_row_of_clicks(journey: Journey, touchpoints: Touchpoints) -> bool:
    met = [touchpoints.get(step.touchpoint or "") for step in journey.steps]
    return all(
        item and item.channel in DIGITAL and CLICKS.search(f"{step.name} {item.name}")
        for step, item in zip(journey.steps, met, strict=True)
    )


def _is_internal_process(journey: Journey, _touchpoints: Touchpoints) -> bool:
    return all(step.actor == "company" for step in journey.steps)


LOOKS: dict[str, tuple[Callable[[Journey, Touchpoints], bool], str]] = {
    "campaign": (
        _is_campaign,
        "this looks like a campaign: it only sends things out before the sale; a journey ends at the customer's goal",
    ),
    "single_interaction": (
        _is_single_interaction,
        "this is a single interaction: all its steps are at one touchpoint; say what leads there and what follows",
    ),
    "page_views": (
        _is_row_of_clicks,
        "this looks like a row of page views; a journey is what a customer does to reach a goal, not what was clicked",
    ),
    "internal_process": (
        _is_internal_process,
        "this looks like an internal process: the customer does nothing in it (each step has the actor company)",
    ),
}
