"""Definitions as the fields of a form, and back: every field one text, a list one entry per line. Pure.

``*_form`` gives what a form shows, ``*_json`` what it says when it comes back, ``typed`` what somebody typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from collector import errors, values
from collector.journeys.definitions import (
    PERSONA_GROUPS,
    Journey,
    Persona,
    Stakeholder,
    Step,
    Touchpoint,
    free_key,
)
from collector.journeys.pages.merge import Form

YES = "1"
SERVES, SERVICE, DETAILS = "serves.", "service.", "details."
EXPECTS, EXPECTS_TEXT = "expects.", "expects_text."
TOUCHPOINT_TEXTS = (
    "name",
    "customer_name",
    "description",
    "channel",
    "stage",
    "expectation",
    "expected_result",
)
TOUCHPOINT_LISTS = ("owners", "systems", "tags")
TOUCHPOINT_FLAGS = ("measurable", "feedback_enabled", "form_enabled")
JOURNEY_TEXTS = (
    "name", "definition", "customer_goal", "business_goal", "scenario", "expected_result", "state",
)  # fmt: skip
FIRST_STEPS = (1, 2, 3)  # of a new journey; the first two are needed
STEP_TEXTS = ("name", "customer_name", "action", "actor", "expectation_text", "notes")
STEP_FLAGS = ("milestone", "moment_of_truth")


def typed(fields: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """What a form says, a field's several values one per line."""
    return {name: "\n".join(value for value in map(_plain, said) if value) for name, said in fields}


def touchpoint_form(item: Touchpoint) -> dict[str, str]:
    return {
        **{name: getattr(item, name) for name in TOUCHPOINT_TEXTS},
        **{name: "\n".join(getattr(item, name)) for name in TOUCHPOINT_LISTS},
        **{name: _flag(getattr(item, name)) for name in TOUCHPOINT_FLAGS},
    }


def touchpoint_json(form: Form) -> dict[str, Any]:
    return {
        **{name: form.get(name, "") for name in TOUCHPOINT_TEXTS},
        **{name: _lines(form.get(name, "")) for name in TOUCHPOINT_LISTS},
        **{name: form.get(name) == YES for name in TOUCHPOINT_FLAGS},
    }


def owner_form(item: Stakeholder) -> dict[str, str]:
    form = {"name": item.name, "description": item.description}
    for service in item.serves:
        form[SERVES + service.stakeholder] = YES
        form[SERVICE + service.stakeholder] = service.service
    return form


def owner_json(form: Form) -> dict[str, Any]:
    served = [key for key, said in _under(SERVES, form) if said == YES]
    services = [{"stakeholder": key, "service": form.get(SERVICE + key, "")} for key in served]
    return {
        "name": form.get("name", ""),
        "description": form.get("description", ""),
        "serves": [item if item["service"] else {"stakeholder": item["stakeholder"]} for item in services],
    }


def persona_form(item: Persona) -> dict[str, str]:
    details = {DETAILS + group: item.details.get(group, "") for group in PERSONA_GROUPS}
    return {"name": item.name, "description": item.description, **details}


def persona_json(form: Form) -> dict[str, Any]:
    details = {group: said for group, said in _under(DETAILS, form) if said}
    return {"name": form.get("name", ""), "description": form.get("description", ""), "details": details}


def journey_form(item: Journey) -> dict[str, str]:
    return {
        **{name: getattr(item, name) for name in JOURNEY_TEXTS},
        "variant_of": item.variant_of or "",
        "personas": "\n".join(item.personas),
        "abandoned_after_days": str(item.abandoned_after_days),
        "metric": item.metric or "",
    }


def journey_json(form: Form) -> dict[str, Any]:
    """What a journey says of itself; raises BadInput for a number that is none."""
    return {
        **{name: form.get(name, "") for name in JOURNEY_TEXTS},
        "state": form.get("state") or "as_is",
        "variant_of": form.get("variant_of") or None,
        "personas": _lines(form.get("personas", "")),
        "abandoned_after_days": _number(form, "abandoned_after_days", 30),
        "metric": form.get("metric") or None,
    }


def first_phase(form: Form) -> list[dict[str, Any]]:
    """The first phase of a new journey with the steps that were named; their keys come from their names."""
    steps: list[dict[str, Any]] = []
    for number in FIRST_STEPS:
        if name := form.get(f"step.{number}", ""):
            key = free_key(name, {step["key"] for step in steps}, "step")
            steps.append(
                {"key": key, "name": name, "touchpoint": form.get(f"step_touchpoint.{number}") or None}
            )
    return [{"name": form.get("phase", ""), "steps": steps}]


def step_form(item: Step) -> dict[str, str]:
    form = {name: getattr(item, name) for name in STEP_TEXTS}
    form |= {name: _flag(getattr(item, name)) for name in STEP_FLAGS}
    form |= {"touchpoint": item.touchpoint or "", "expectation": _feeling(item.expectation)}
    for persona, said in item.expectations.items():
        form |= {EXPECTS + persona: _feeling(said.value), EXPECTS_TEXT + persona: said.text}
    return form


def step_json(form: Form) -> dict[str, Any]:
    """A step's fields; raises BadInput for a number that is none."""
    return {
        **{name: form.get(name, "") for name in STEP_TEXTS},
        **{name: form.get(name) == YES for name in STEP_FLAGS},
        "actor": form.get("actor") or "customer",
        "touchpoint": form.get("touchpoint") or None,
        "expectation": _number(form, "expectation"),
        "expectations": _expectations(form),
    }


def _expectations(form: Form) -> dict[str, dict[str, Any]]:
    found = {}
    for persona, _ in _under(EXPECTS, form):
        value, text = _number(form, EXPECTS + persona), form.get(EXPECTS_TEXT + persona, "")
        if value is not None or text:
            found[persona] = {"value": value, "text": text}
    return found


def _under(prefix: str, form: Form) -> list[tuple[str, str]]:
    return [(name.removeprefix(prefix), said) for name, said in form.items() if name.startswith(prefix)]


def _number(form: Mapping[str, str], name: str, otherwise: int | None = None) -> int | None:
    said = form.get(name, "")
    if not said:
        return otherwise
    number = values.whole(said)
    if number is None:
        raise errors.BadInput("This must be a whole number.", fields={name: ["must be a whole number"]})
    return number


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))


def _flag(value: bool) -> str:
    return YES if value else ""


def _feeling(value: int | None) -> str:
    return "" if value is None else str(value)


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()
