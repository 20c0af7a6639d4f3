"""The workspace's policy as sentences with fields: what the fields show, and the document that they make. Pure.

What the sentences do not say (channels, time zone, whom a survey is for) stays in the document as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector import errors, values
from collector.contact.policy import MESSAGE_CHANNELS, Policy, as_json

WAITS = ("all_surveys", "this_survey", "reserved_surveys")
OUTCOMES = ("after_answer", "after_decline", "after_ignore")
BUDGET = ("asks", "days", "reserved")
LIMITS = ("per_journey_instance", "cap_per_day", "survey_cap_per_day", "remind_later")
HOURS = ("from", "to")
TICKS = ("mask_comments", "allow_personal_data")
YES = "1"


def shown(policy: Policy) -> dict[str, str]:
    """The fields as the policy fills them; what has no limit is empty."""
    said = as_json(policy)
    fields = {f"{name}.{outcome}": str(said[name][outcome]) for name in WAITS for outcome in OUTCOMES}
    fields |= {f"budget.{name}": str((said["budget"] or {}).get(name, "")) for name in BUDGET}
    fields |= {name: "" if said[name] is None else str(said[name]) for name in LIMITS}
    fields |= {f"quiet_hours.{name}": (said["quiet_hours"] or {}).get(name, "") for name in HOURS}
    fields |= {f"consent.{name}": YES if said["consent"][name] else "" for name in MESSAGE_CHANNELS}
    fields |= {name: YES if said[name] else "" for name in TICKS}
    return fields | {"sample": f"{policy.sample * 100:g}"}


def read(form: Mapping[str, str], own: Mapping[str, Any]) -> dict[str, Any]:
    """The document that the fields make of ``own``: only what differs from the defaults stands in it.

    Raises 422 naming each field that is no number; whether the numbers fit is the schema's to say.
    """
    wrong: dict[str, list[str]] = {}
    said: dict[str, Any] = {
        name: {each: _number(form, f"{name}.{each}", wrong) for each in OUTCOMES} for name in WAITS
    }
    said["budget"] = _budget(form, wrong)
    said |= {name: _limit(form, name, wrong) for name in LIMITS}
    said["quiet_hours"] = _hours(form)
    said["consent"] = {name: form.get(f"consent.{name}") == YES for name in MESSAGE_CHANNELS}
    said |= {name: form.get(name) == YES for name in TICKS}
    said["sample"] = _percent(form, wrong)
    if wrong:
        raise errors.BadInput("Some fields do not fit.", fields=wrong)
    return _without_defaults(said, own)


def _without_defaults(said: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    usual = as_json(Policy())
    document = {name: value for name, value in own.items() if name not in said}
    for name, value in said.items():
        if name in WAITS or name == "consent":
            value = {each: this for each, this in value.items() if this != usual[name][each]}
            if value:
                document[name] = value
        elif value != usual[name]:
            document[name] = value
    return document


def _budget(form: Mapping[str, str], wrong: dict[str, list[str]]) -> dict[str, int] | None:
    """None where no number of asks is given: without a limit."""
    if not form.get("budget.asks", "").strip():
        return None
    return {name: _number(form, f"budget.{name}", wrong) for name in BUDGET}


def _hours(form: Mapping[str, str]) -> dict[str, str] | None:
    given = {name: form.get(f"quiet_hours.{name}", "").strip() for name in HOURS}
    return given if any(given.values()) else None


def _limit(form: Mapping[str, str], name: str, wrong: dict[str, list[str]]) -> int | None:
    return _number(form, name, wrong) if form.get(name, "").strip() else None


def _percent(form: Mapping[str, str], wrong: dict[str, list[str]]) -> float:
    try:
        return round(float(form.get("sample", "").replace(",", ".")) / 100, 6)
    except ValueError:
        wrong["sample"] = ["must be a number from 0 to 100"]
        return 1.0


def _number(form: Mapping[str, str], name: str, wrong: dict[str, list[str]]) -> int:
    number = values.whole(form.get(name, ""))
    if number is None:
        wrong[name] = ["must be a whole number"]
    return number or 0
