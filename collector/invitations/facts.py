"""What is known when a trigger is decided: the customer's contacts over all channels, their place in the journey."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, union_all
from sqlalchemy.orm import Session

from collector import db, lists, prepared
from collector.interactions import Interaction, tombstones
from collector.invitations.clocks import Contact
from collector.invitations.models import CONTACTS, Invitation, Trigger

ASKED = frozenset({"open", "answered", "declined"})
NEEDED = (
    *(
        "invitation_id",
        "survey",
        "state",
        "channel",
        "customer",
        "transaction",
        "journey",
        "journey_instance",
    ),
    *("created_at", "asked_at", "shown_at", "ended_at"),
)


@dataclass(frozen=True)
class Past:
    """What earlier invitations say about a trigger."""

    contacts: Sequence[Contact] = ()
    same_transaction: bool = False
    asked_in_instance: int = 0


NO_PAST = Past()


@dataclass(frozen=True)
class Placed:
    """A trigger with the way through a journey that it belongs to; ``begins`` where that was made up for it just now."""

    row: Trigger
    journey: str | None = None
    version: int | None = None
    instance: str | None = None
    begins: bool = False


@dataclass
class Known:
    """What stands in the database about a batch of triggers, and what the batch has added to it so far."""

    invitations: dict[uuid.UUID, Any] = field(default_factory=dict)
    undone: dict[str, datetime] = field(default_factory=dict)
    events: Sequence[Any] = ()
    _by: dict[tuple[str | None, ...], list[Any]] = field(default_factory=dict)

    def add(self, made: Any) -> None:
        """One more invitation, as a row or as an object; one that was found in several ways counts once."""
        if self.invitations.setdefault(made.invitation_id, made) is made:
            for name in _names(made.customer, made.transaction, made.journey, made.journey_instance):
                self._by.setdefault(name, []).append(made)

    def past(self, placed: Placed, since: datetime, but: uuid.UUID | None = None) -> Past:
        """``but`` is the invitation being decided again, which does not stand in its own way."""
        row = placed.row
        names = _names(row.customer, row.transaction, placed.journey, placed.instance)
        if self._by.keys().isdisjoint(names):
            return NO_PAST
        own, same, along = (
            [made for made in self._by.get(name, ()) if name[1] and made.invitation_id != but]
            for name in names
        )
        return Past(
            contacts=tuple(contact(made) for made in own if is_contact(made) and _is_lately(made, since)),
            same_transaction=bool(same),
            asked_in_instance=sum(map(is_contact, along)),
        )

    def cancelled_by(self, placed: Placed) -> str | None:
        """What took the trigger back: a cancellation or an erasure after it, or the first of its ``cancel_on`` events.

        Such an event happened to its transaction, or later in its journey.
        """
        row = placed.row
        undone_at = self.undone.get(row.transaction or "")
        if undone_at is not None and row.occurred_at <= undone_at:
            return "a cancellation"
        if not self.events:
            return None
        found = (
            event
            for event in self.events
            if event.event in row.cancel_on
            and (_is_of_transaction(event, row) or _is_later_on_its_way(event, placed))
        )
        first = min(found, key=lambda event: event.occurred_at, default=None)
        return first.event if first else None


def read(
    session: Session,
    workspace_id: uuid.UUID,
    placed: Sequence[Placed],
    since: datetime | None,
    undone: dict[str, datetime] | None = None,
) -> Known:
    """Read what is known about a batch, in a statement for each kind of thing; without ``since`` no invitations.

    ``undone``: which transactions were cancelled, where that is known already.

    Each part of a condition has an index of its own and no other plan: as one condition with OR, a planner that thinks
    the table small reads all of it.
    """
    if undone is None:
        transactions = {each.row.transaction for each in placed if each.row.transaction}
        undone = tombstones.buried_at(session, workspace_id, tombstones.TRANSACTION, transactions)
    known = Known(undone=undone, events=_events(session, workspace_id, placed))
    for made in _invitations(session, workspace_id, placed, since) if since else ():
        known.add(made)
    return known


def _invitations(
    session: Session, workspace_id: uuid.UUID, placed: Sequence[Placed], since: datetime
) -> Sequence[Any]:
    ways = _ways(placed)
    given = {
        "customers": _each(each.row.customer for each in placed),
        "transactions": _each(each.row.transaction for each in placed),
        "instances": [instance for _journey, instance in ways],
    }
    parts = tuple(name for name, values in given.items() if values)
    if not parts:
        return ()
    session.flush()
    given |= {"journeys": [journey for journey, _instance in ways]}
    return prepared.send(session, _asked(parts), [{**given, "workspace_id": workspace_id, "since": since}])


def _events(session: Session, workspace_id: uuid.UUID, placed: Sequence[Placed]) -> Sequence[Any]:
    """What happened that may cancel one of these."""
    may_cancel = [each for each in placed if each.row.cancel_on]
    ways = _ways(may_cancel)
    given = {
        "transactions": _each(each.row.transaction for each in may_cancel),
        "instances": [instance for _journey, instance in ways],
    }
    parts = tuple(name for name, values in given.items() if values)
    if not parts:
        return ()
    session.flush()
    given |= {
        "journeys": [journey for journey, _instance in ways],
        "events": _each(event for each in may_cancel for event in each.row.cancel_on),
    }
    since = min(each.row.occurred_at for each in may_cancel)
    return prepared.send(session, _happened(parts), [{**given, "workspace_id": workspace_id, "since": since}])


def _each(values: Iterable[str | None]) -> list[str]:
    return sorted({value for value in values if value is not None})


def _ways(placed: Sequence[Placed]) -> list[tuple[str, str]]:
    """The journeys and their instances, pair by pair; of one that begins here nothing can be known yet."""
    known = [each for each in placed if not each.begins]
    return sorted({(each.journey, each.instance) for each in known if each.journey and each.instance})


@lru_cache
def _asked(parts: tuple[str, ...]) -> Any:
    """The invitations of some customers lately, of some transactions, of some ways; built once for each choice of parts."""
    table = cast("Table", Invitation.__table__).c
    since: Any = bindparam("since")
    lately = or_(table.asked_at > since, table.shown_at > since, table.ended_at > since)
    conditions = {
        "customers": (lists.any_of(table.customer, "customers"), lately),
        "transactions": (lists.any_of(table.transaction, "transactions"),),
        "instances": (_along(table),),
    }
    solicited = select(*(table[name] for name in NEEDED)).where(
        table.workspace_id == bindparam("workspace_id"), table.source.in_(map(db.constant, CONTACTS))
    )
    return union_all(*(solicited.where(*conditions[part]) for part in parts))


@lru_cache
def _happened(parts: tuple[str, ...]) -> Any:
    """Events of some transactions, and later ones on some ways."""
    table = cast("Table", Interaction.__table__).c
    conditions = {
        "transactions": (lists.any_of(table.transaction, "transactions"),),
        "instances": (_along(table), table.occurred_at >= bindparam("since")),
    }
    names = (table.event, table.occurred_at, table.transaction, table.journey, table.journey_instance)
    events = select(*names).where(
        table.workspace_id == bindparam("workspace_id"), lists.any_of(table.event, "events")
    )
    return union_all(*(events.where(*conditions[part]) for part in parts))


def _along(table: Any) -> Any:
    return lists.any_pair_of((table.journey, table.journey_instance), ("journeys", "instances"))


def _names(
    customer: str | None, transaction: str | None, journey: str | None, instance: str | None
) -> tuple[tuple[str | None, ...], ...]:
    """What an invitation or a trigger is found by; an empty name finds nothing."""
    return ("customer", customer), ("transaction", transaction), ("instance", instance, journey)


def _is_lately(made: Any, since: datetime) -> bool:
    return any(at is not None and at > since for at in (made.asked_at, made.shown_at, made.ended_at))


def _is_of_transaction(event: Any, row: Trigger) -> bool:
    return row.transaction is not None and event.transaction == row.transaction


def _is_later_on_its_way(event: Any, placed: Placed) -> bool:
    return (
        placed.instance is not None
        and (event.journey, event.journey_instance) == (placed.journey, placed.instance)
        and event.occurred_at >= placed.row.occurred_at
    )


def is_contact(made: Any) -> bool:
    """Whether somebody was asked: it opened, and was not taken back before anyone saw it."""
    if made.asked_at is None:
        return False
    return made.state in ASKED or (made.state == "cancelled" and made.shown_at is not None)


def contact(made: Any) -> Contact:
    """An invitation as a contact: its wait runs from the answer, the refusal, or when it was last put to them."""
    asked_at = made.asked_at or made.created_at
    outcome = made.state if made.state in {"answered", "declined"} else "ignored"
    ended_at = made.ended_at if outcome != "ignored" else made.shown_at
    return Contact(made.survey, asked_at, max(asked_at, ended_at or asked_at), outcome, made.channel)
