"""What time alone will lift: quarantine, budget and daily caps, as pure rules over a customer's contact history.

A block holds until ``until`` and no longer; at that very instant the customer may be asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.contact import Policy


@dataclass(frozen=True)
class Contact:
    """One time a customer was asked. ``outcome``: answered, declined or ignored; its wait runs from ``since``."""

    survey: str
    asked_at: datetime
    since: datetime
    outcome: str = "ignored"
    channel: str | None = None


@dataclass(frozen=True)
class History:
    """What is known of earlier asks; the two counts are those of the local day that ``counted_at`` falls on."""

    contacts: Sequence[Contact] = ()
    asked_today: int = 0
    survey_asked_today: int = 0
    counted_at: datetime | None = None


@dataclass(frozen=True)
class Block:
    """A rule in the way: its reason, its words, and when it ends (None: never by time alone)."""

    reason: str
    rule: str
    until: datetime | None


def blocks(history: History, survey: str, channel: str | None, policy: Policy, at: datetime) -> list[Block]:
    """All that stands in the way of a survey at an instant."""
    found = [
        *_clocks(history.contacts, survey, channel, policy),
        *_budget(history.contacts, policy, at),
        *_caps(history, policy, at),
    ]
    return [block for block in found if block.until is None or block.until > at]


def free_from(
    history: History, survey: str, channel: str | None, policy: Policy, at: datetime
) -> datetime | None:
    """The first instant, from ``at`` on, with nothing in the way; None where time alone does not lift it."""
    while found := blocks(history, survey, channel, policy, at):
        ends = [block.until for block in found if block.until is not None]
        if len(ends) < len(found):
            return None
        at = max(ends)
    return at


def _clocks(contacts: Sequence[Contact], survey: str, channel: str | None, policy: Policy) -> Iterator[Block]:
    for contact in contacts:
        asked = _asked(contact)
        if contact.survey == survey:
            wait = policy.this_survey.after(contact.outcome)
            yield Block("quarantine", f"this survey waits {wait.days} days ({asked})", contact.since + wait)
        wait = policy.across.after(contact.outcome)
        yield Block("quarantine", f"all surveys wait {wait.days} days ({asked})", contact.since + wait)
        if channel is not None and contact.channel == channel and channel in policy.channels:
            between = timedelta(days=policy.channels[channel].days_between)
            rule = f"{between.days} days between two asks by {channel} ({asked})"
            yield Block("quarantine", rule, contact.asked_at + between)


def _asked(contact: Contact) -> str:
    survey, day = contact.survey, f"{contact.since:%Y-%m-%d}"
    message = {
        "answered": f"{survey} answered on {day}",
        "declined": f"{survey} declined on {day}",
        "ignored": f"{survey} ignored on {day}",
    }
    return message[contact.outcome]


def _budget(contacts: Sequence[Contact], policy: Policy, at: datetime) -> list[Block]:
    """The budget is spent while as many asks as are allowed lie within the window that ends at ``at``."""
    if policy.budget is None:
        return []
    window = timedelta(days=policy.budget.days)
    allowed = policy.budget.asks - (0 if policy.reserved else policy.budget.reserved)
    spent = sorted(contact.asked_at for contact in contacts if at < contact.asked_at + window)
    if len(spent) < allowed:
        return []
    kept = "" if policy.reserved else f", {policy.budget.reserved} of them kept for reserved surveys"
    rule = f"at most {policy.budget.asks} asks in {policy.budget.days} days{kept}"
    return [Block("cap", rule, spent[-allowed] + window if allowed else None)]


def _caps(history: History, policy: Policy, at: datetime) -> Iterator[Block]:
    counted = history.counted_at is not None and policy.day_of(at) == policy.day_of(history.counted_at)
    cap, of_survey = policy.cap_per_day, policy.survey_cap_per_day
    if cap is not None and (history.asked_today if counted else 0) >= cap:
        rule = f"all surveys ask at most {cap} customers a day"
        yield Block("cap", rule, policy.next_day(at) if cap else None)
    if of_survey is not None and (history.survey_asked_today if counted else 0) >= of_survey:
        rule = f"this survey asks at most {of_survey} customers a day"
        yield Block("cap", rule, policy.next_day(at) if of_survey else None)
