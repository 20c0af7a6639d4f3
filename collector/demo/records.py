"""Rows of the collector's tables, as it would have written them for a visit; what happened is decided in ``sample``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from collector import clock, signing
from collector.contact import MESSAGE_CHANNELS
from collector.demo import story
from collector.demo.people import Trip, Visit
from collector.invitations import Draw
from collector.responses import columns, content_of

Columns = dict[str, Any]
LIFETIME = timedelta(days=30)
MODES = {"web": "inline", "app": "sheet", "chat": "inline"}
"""Channel -> how the survey was shown; elsewhere people follow a link to the hosted page."""


@dataclass(frozen=True)
class Asked:
    """A published survey, as far as a row needs it."""

    survey: str
    version: int
    series_id: uuid.UUID
    metric: str


@dataclass(frozen=True)
class Setting:
    """The workspace that the rows are for."""

    workspace_id: uuid.UUID
    pseudonym_key: bytes
    zone: str
    surveys: Mapping[str, Asked]
    journey_versions: Mapping[str, int]


@dataclass(frozen=True)
class Verdict:
    """What the contact rules said: reason, rule, when the customer may be asked again."""

    reason: str
    rule: str | None = None
    next_eligible_at: datetime | None = None

    @property
    def invited(self) -> bool:
        return self.reason == "invited"


@dataclass(frozen=True)
class Contact:
    """A visit as the business system reports it, under its transaction."""

    visit: Visit
    trigger_id: uuid.UUID
    transaction: str


@dataclass
class Records:
    """Makes rows for one workspace."""

    setting: Setting
    pseudonyms: dict[str, str] = field(default_factory=dict)

    def subject(self, trip: Trip, at: datetime) -> Columns:
        return {
            "workspace_id": self.setting.workspace_id,
            "customer": self.pseudonym(trip),
            "opted_out_at": at if trip.customer.opted_out else None,
            "consents": {channel: [_consent(at)] for channel in MESSAGE_CHANNELS},
            "created_at": at,
        }

    def instance(self, trip: Trip, started_at: datetime, last_at: datetime) -> Columns:
        return {
            **self._journey(trip),
            "instance_id": trip.instance,
            "customer": self.pseudonym(trip),
            "started_at": started_at,
            "last_at": last_at,
        }

    def interaction(self, contact: Contact) -> Columns:
        return {
            **self._contact(contact),
            "interaction_id": contact.trigger_id,
            "event": "step",
            "known_touchpoint": contact.visit.stop.known,
            "occurred_at": contact.visit.at,
            "received_at": contact.visit.at,
        }

    def trigger(self, contact: Contact) -> Columns:
        at = contact.visit.at
        return {
            **self._contact(contact),
            "trigger_id": contact.trigger_id,
            "invitation_id": self.invitation_id(contact),
            "locale": contact.visit.trip.customer.locale,
            "cancel_on": [],
            "not_before": None,
            "expires_at": at + LIFETIME,
            "occurred_at": at,
            "received_at": at,
        }

    def decision(self, contact: Contact, verdict: Verdict) -> Columns:
        asked = self.setting.surveys.get(contact.visit.stop.survey or "")
        return {
            "workspace_id": self.setting.workspace_id,
            "trigger_id": contact.trigger_id,
            "decision": "invite" if verdict.invited else "skip",
            "reason": verdict.reason,
            "rule": verdict.rule,
            "next_eligible_at": verdict.next_eligible_at,
            "journey_instance": contact.visit.trip.instance,
            "invitation_id": self.invitation_id(contact) if verdict.invited else None,
            "survey": asked.survey if asked else None,
            "survey_version": asked.version if asked else None,
            "decided_at": contact.visit.at,
        }

    def invitation(
        self, contact: Contact, shown_at: datetime | None, answered_at: datetime | None, declined: bool
    ) -> Columns:
        at = contact.visit.at
        return {
            **self._asked(contact),
            "trigger_id": contact.trigger_id,
            "state": "answered" if answered_at else "declined" if declined else "open",
            "not_before": None,
            "expires_at": at + LIFETIME,
            "created_at": at,
            "asked_at": at,
            "shown_at": shown_at,
            "ended_at": answered_at or (shown_at if declined else None),
        }

    def response(
        self, contact: Contact, response_id: uuid.UUID, score: int, comment: str | None, at: datetime
    ) -> Columns:
        asked, locale = self.survey(contact.visit), contact.visit.trip.customer.locale
        answers: Columns = {"score": score}
        said = answers if comment is None else {**answers, "comment": comment}
        tags = {
            **self._asked(contact),
            "response_id": response_id,
            "metric": asked.metric,
            "context": {"mode": MODES.get(contact.visit.stop.channel, "hosted"), "layout": "horizontal"},
        }
        return columns(tags, content_of(said, score, locale, True, at), at, at, self.setting.zone)

    def survey(self, visit: Visit) -> Asked:
        """The survey of a visit's touchpoint."""
        return self.setting.surveys[visit.stop.survey or ""]

    def invitation_id(self, contact: Contact) -> uuid.UUID:
        stop, journey = contact.visit.stop, contact.visit.trip.way.journey
        return signing.invitation_id(
            self.setting.pseudonym_key, stop.touchpoint, journey, contact.transaction
        )

    def pseudonym(self, trip: Trip) -> str:
        name = trip.customer.name
        if name not in self.pseudonyms:
            self.pseudonyms[name] = signing.pseudonym(self.setting.pseudonym_key, name)
        return self.pseudonyms[name]

    def _journey(self, trip: Trip) -> Columns:
        journey = trip.way.journey
        version = self.setting.journey_versions[journey]
        return {"workspace_id": self.setting.workspace_id, "journey": journey, "journey_version": version}

    def _contact(self, contact: Contact) -> Columns:
        trip, stop = contact.visit.trip, contact.visit.stop
        return {
            "workspace_id": self.setting.workspace_id,
            "touchpoint": stop.touchpoint,
            "journey": trip.way.journey,
            "journey_instance": trip.instance,
            "customer": self.pseudonym(trip),
            "transaction": contact.transaction,
            "channel": stop.channel,
            "persona": trip.customer.persona,
            "attributes": attributes(contact.visit),
        }

    def _asked(self, contact: Contact) -> Columns:
        """What an invitation and its answer have in common."""
        asked = self.survey(contact.visit)
        return {
            **self._contact(contact),
            "journey_version": self.setting.journey_versions[contact.visit.trip.way.journey],
            "survey": asked.survey,
            "survey_version": asked.version,
            "series_id": asked.series_id,
            "locale": contact.visit.trip.customer.locale,
            "invitation_id": self.invitation_id(contact),
            "probability": drawn(contact.visit.trip).probability(contact.visit.stop.place),
            "target": contact.visit.stop.target,
            "source": "solicited",
        }


def drawn(trip: Trip) -> Draw:
    """Which step of this way asks, as the collector draws it."""
    return Draw(f"{trip.way.journey}\0{trip.instance}", trip.way.weights)


def attributes(visit: Visit) -> Columns:
    """What the business system tells beside the contact: never who it is, only what kind of case."""
    trip, touchpoint = visit.trip, visit.stop.touchpoint
    if trip.way is not story.FIRST_ORDER or touchpoint in {"tariff-page", "shop-advice"}:
        return {"region": trip.region}
    known = {"tariff": trip.tariff, "region": trip.region}
    if touchpoint == "order-confirmed":
        return known
    return {**known, "wrong_tariff": trip.wrong_tariff, "days_late": trip.days_late}


def _consent(at: datetime) -> Columns:
    """The proof that a consent to messages was given at the first contact, as ``record_consent`` keeps it."""
    said = {"given": True, "text_version": "sample", "source": "order form"}
    return {**said, "at": clock.iso(at), "recorded_at": clock.iso(at)}
