"""The contact policy: how often whom to ask. Plain values; the workspace's document, each part overridable per survey.

Two clocks run for each customer: one for the survey in question, one for all surveys together. All waits are days.
``docs/reference/policy.md`` tells every name; ``policy_schema`` refuses the others before anything is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

MESSAGE_CHANNELS = ("email", "sms")  # where asking means sending somebody something (§ 7 UWG)


@dataclass(frozen=True)
class Waits:
    """Days until the next ask, by what became of the last one."""

    after_answer: int
    after_decline: int
    after_ignore: int

    def after(self, outcome: str) -> timedelta:
        """The wait after an ``answered``, ``declined`` or ``ignored`` ask."""
        days = {"answered": self.after_answer, "declined": self.after_decline}
        return timedelta(days=days.get(outcome, self.after_ignore))

    @property
    def longest(self) -> int:
        return max(self.after_answer, self.after_decline, self.after_ignore)


@dataclass(frozen=True)
class Budget:
    """At most ``asks`` in any ``days`` per customer; the last ``reserved`` of them are kept for reserved surveys.

    A document that sets a budget and not ``reserved`` keeps none back: of one ask, two cannot be kept.
    """

    asks: int = 12
    days: int = 365
    reserved: int = 2


@dataclass(frozen=True)
class ChannelRule:
    """Whether a channel is used for asking at all, and the days between two asks through it (any survey)."""

    allowed: bool = True
    days_between: int = 0


@dataclass(frozen=True)
class QuietHours:
    """When no message is sent: from ``start`` to ``end`` each day (over midnight where end is earlier), local time."""

    start: time = time(20)
    end: time = time(8)


@dataclass(frozen=True)
class Only:
    """Who is meant: an empty list means everyone; all lists that are not empty must hold."""

    channels: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Policy:
    """One survey's contact policy, with the workspace's parts filled in; the defaults stand in ``DEFAULTS``."""

    this_survey: Waits = Waits(90, 30, 14)
    all_surveys: Waits = Waits(30, 30, 30)
    reserved_surveys: Waits = Waits(14, 30, 14)
    reserved: bool = False
    per_journey_instance: int | None = 1
    budget: Budget | None = Budget()
    channels: Mapping[str, ChannelRule] = field(default_factory=dict)
    consent: tuple[str, ...] = MESSAGE_CHANNELS
    cap_per_day: int | None = None
    survey_cap_per_day: int | None = None
    sample: float = 1.0
    remind_later: int | None = None
    quiet_hours: QuietHours | None = QuietHours()
    timezone: str = "UTC"
    only: Only = Only()
    mask_comments: bool = True
    allow_personal_data: bool = False

    @property
    def across(self) -> Waits:
        """The clock over all surveys, as this survey sees it: a reserved one waits less for the others."""
        return self.reserved_surveys if self.reserved else self.all_surveys

    @cached_property
    def looks_back(self) -> timedelta:
        """How much contact history a decision can depend on."""
        between = max((rule.days_between for rule in self.channels.values()), default=0)
        spans = [self.this_survey.longest, self.across.longest, between]
        return timedelta(days=max([*spans, self.budget.days if self.budget else 0]))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def day_of(self, at: datetime) -> datetime:
        """The start of the local day that ``at`` falls on, for daily caps."""
        return at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def next_day(self, at: datetime) -> datetime:
        """The start of the next local day."""
        tomorrow = self.day_of(at).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), self.zone).astimezone(at.tzinfo)

    def awake_at(self, at: datetime, channel: str | None) -> datetime:
        """When a message of this channel may leave: ``at``, or the end of the quiet hours that it falls into."""
        if self.quiet_hours is None or channel not in MESSAGE_CHANNELS:
            return at
        start, end = self.quiet_hours.start, self.quiet_hours.end
        local = at.astimezone(self.zone)
        clock = local.time()
        over_midnight = end <= start
        if not (clock >= start or clock < end if over_midnight else start <= clock < end):
            return at
        day = local.date() + timedelta(days=1 if over_midnight and clock >= start else 0)
        return datetime.combine(day, end, self.zone).astimezone(at.tzinfo)


def resolve(workspace: Mapping[str, Any], survey: Mapping[str, Any], timezone: str = "UTC") -> Policy:
    """The policy of a survey: the defaults, then the workspace's document, then the survey's own; checked already."""
    names = {item.name for item in fields(Policy)}
    merged: dict[str, Any] = {"timezone": timezone}
    for document in (workspace, survey):
        for name, value in document.items():
            if name in names:
                old = merged.get(name)
                merged[name] = (
                    {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
                )
    return Policy(**{name: _read(name, value) for name, value in merged.items()})


def as_json(policy: Policy) -> dict[str, Any]:
    """The document with every name spelled out, as ``GET /api/v1/policy/effective`` shows it."""
    quiet = policy.quiet_hours
    return {
        **{name: vars(getattr(policy, name)) for name in ("this_survey", "all_surveys", "reserved_surveys")},
        "per_journey_instance": policy.per_journey_instance,
        "budget": vars(policy.budget) if policy.budget else None,
        "channels": {name: vars(rule) for name, rule in policy.channels.items()},
        "consent": {channel: channel in policy.consent for channel in MESSAGE_CHANNELS},
        "cap_per_day": policy.cap_per_day,
        "survey_cap_per_day": policy.survey_cap_per_day,
        "sample": policy.sample,
        "remind_later": policy.remind_later,
        "quiet_hours": {"from": f"{quiet.start:%H:%M}", "to": f"{quiet.end:%H:%M}"} if quiet else None,
        "timezone": policy.timezone,
        "mask_comments": policy.mask_comments,
        "allow_personal_data": policy.allow_personal_data,
    }


def _read(name: str, value: Any) -> Any:
    """One stored part as its value; parts left out within it keep their defaults."""
    if name in {"this_survey", "all_surveys", "reserved_surveys"}:
        return Waits(**{**vars(getattr(Policy(), name)), **value})
    if name == "budget" and value is not None:
        return Budget(**{"reserved": 0, **value})
    if name == "channels":
        return {channel: ChannelRule(**rule) for channel, rule in value.items()}
    if name == "consent":
        return tuple(channel for channel in MESSAGE_CHANNELS if value.get(channel, True))
    if name == "quiet_hours" and value is not None:
        return QuietHours(time.fromisoformat(value["from"]), time.fromisoformat(value["to"]))
    if name == "only":
        return _only(value)
    return value


def _only(value: Mapping[str, Any]) -> Only:
    lists = {name: tuple(value.get(name, ())) for name in ("channels", "personas", "locales")}
    attributes = {name: tuple(wanted) for name, wanted in value.get("attributes", {}).items()}
    return Only(**lists, attributes=attributes)
