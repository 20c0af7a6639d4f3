"""The decision: one pure function over facts. The order of reasons is fixed, so that the same facts always say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Facts:
    """What is known when a trigger is decided."""

    touchpoint_known: bool = True
    feedback_enabled: bool = True
    survey_found: bool = True
    opted_out: bool = False
    same_transaction: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """Invite or skip, why, by which rule, and when the customer may be asked again."""

    decision: str
    reason: str
    rule: str | None = None
    next_eligible_at: datetime | None = None


def decide(facts: Facts, now: datetime) -> Verdict:
    """Whether to ask."""
    if not facts.touchpoint_known:
        return Verdict("skip", "unknown_touchpoint", "the touchpoint is in no journey file")
    if facts.opted_out:
        return Verdict("skip", "opted_out", "the customer asked not to be asked")
    if not facts.feedback_enabled:
        return Verdict("skip", "disabled", "feedback is switched off at this touchpoint")
    if not facts.survey_found:
        return Verdict("skip", "no_survey", "no published survey stands at this touchpoint")
    if facts.same_transaction:
        return Verdict("skip", "same_transaction", "one invitation per transaction")
    if facts.not_before and facts.not_before > now:
        return Verdict("invite", "scheduled", "delay")
    return Verdict("invite", "invited")
