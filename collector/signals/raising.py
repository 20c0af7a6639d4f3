"""Verbs: raise a signal, once per regime; mark it as known; end it. Each is in the record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from collector import clock, journeys, statements, webhooks, workspaces
from collector.changes import record
from collector.locale import Speaker, best
from collector.responses import Response
from collector.signals import reading, settings
from collector.signals.models import Signal
from collector.signals.wording import Sentences

KIND = "signal.raised"
WATCHER = "afterword"
"""Who stands in the record for what nobody did."""


@dataclass(frozen=True)
class Found:
    """What a rule has found: where, of what (``subject``), since when, with which figures.

    The same subject and regime is signalled once, whoever finds it and however often.
    """

    rule: str
    touchpoint: str
    subject: str
    since: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    regime: int = 1
    before: str | None = None
    journey: str | None = None
    metric: str | None = None
    series_id: uuid.UUID | None = None
    response_id: uuid.UUID | None = None


def raise_signal(session: Session, workspace_id: uuid.UUID, found: Found, now: datetime) -> Signal | None:
    """Keep what a rule has found; None where it is known already, or nobody wants to be told of it here."""
    if not settings.of(session, workspace_id).at(found.touchpoint).wants(found.rule):
        return None
    return keep(session, workspace_id, found, now)


def keep(session: Session, workspace_id: uuid.UUID, found: Found, now: datetime) -> Signal | None:
    """The same where it was asked before whether somebody wants to be told."""
    row = Signal(
        workspace_id=workspace_id,
        signal_id=clock.new_id(),
        raised_at=now,
        state="open",
        **{name: getattr(found, name) for name in Found.__dataclass_fields__ if name != "facts"},
        facts=dict(found.facts),
    )
    if not statements.insert_new(session, row):
        return None
    kept = session.get_one(Signal, (workspace_id, row.signal_id))
    record(session, workspace_id, now, WATCHER, "raised", "signal", str(kept.signal_id), None, said(kept))
    _announce(session, kept, now)
    return kept


def _announce(session: Session, row: Signal, now: datetime) -> None:
    """Other systems and chats hear of it, in the transaction that keeps it."""
    if not webhooks.is_wanted(session, row.workspace_id, KIND):
        return
    owned = journeys.owners_of_all(session, row.workspace_id)
    company = workspaces.facts(session, row.workspace_id)
    say = Sentences(Speaker(best([company.locale])), reading.names(session, row.workspace_id))
    facts = {
        "signal_id": row.signal_id,
        "signal": row.rule,
        "title": say.of(row),
        "touchpoint": row.touchpoint,
        "journey": row.journey,
        "owners": owned.get(row.touchpoint, []),
    }
    subject = webhooks.Subject(facts, row.touchpoint, _customer(session, row))
    webhooks.announce(session, row.workspace_id, KIND, subject, now)


def _customer(session: Session, row: Signal) -> str | None:
    """Whose answer raised it, so that the news of it goes with them when they are erased."""
    if row.response_id is None:
        return None
    keys = (Response.workspace_id == row.workspace_id, Response.response_id == row.response_id)
    return session.scalars(select(Response.customer).where(*keys)).first()


def know(session: Session, row: Signal, by: str, now: datetime) -> Signal:
    """Somebody knows: it is quiet from now on, until it is over and begins anew. Twice does no harm."""
    if row.state == "open":
        row.state, row.known_by, row.known_at = "known", by, now
        session.flush()
        key = str(row.signal_id)
        record(
            session, row.workspace_id, now, by, "knew", "signal", key, {"state": "open"}, {"state": "known"}
        )
    return row


def end(
    session: Session, workspace_id: uuid.UUID, rule: str, subject: str, regime: int, how: str, now: datetime
) -> None:
    """It is over: ``recovered``, or ``stayed`` until it was the usual."""
    this = (Signal.rule == rule, Signal.subject == subject, Signal.regime == regime)
    _end(session, workspace_id, this, how, now)


def end_all_of(session: Session, workspace_id: uuid.UUID, insight_id: uuid.UUID, now: datetime) -> None:
    """What became this insight has recovered."""
    _end(session, workspace_id, (Signal.insight_id == insight_id,), "recovered", now)


def _end(
    session: Session, workspace_id: uuid.UUID, which: Sequence[ColumnElement[bool]], how: str, now: datetime
) -> None:
    this = (Signal.workspace_id == workspace_id, Signal.state != "over", *which)
    changed = update(Signal).where(*this).values(state="over", ended=how, ended_at=now)
    for signal_id in session.scalars(
        changed.returning(Signal.signal_id).execution_options(synchronize_session=False)
    ).all():
        record(session, workspace_id, now, WATCHER, how, "signal", str(signal_id), None, {"state": "over"})


def link(session: Session, row: Signal, insight_id: uuid.UUID) -> None:
    """It has become an insight."""
    row.insight_id = insight_id
    session.flush()


def said(row: Signal) -> dict[str, Any]:
    """What the record keeps of a signal, and whoever sends messages reads there."""
    place = {name: value for name in ("before", "journey") if (value := getattr(row, name))}
    return {"rule": row.rule, "touchpoint": row.touchpoint, **place, "since": row.since.isoformat()}
