"""Verbs: try a draft policy on the triggers of the last days, before it is saved."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from collector import journeys, surveys, workspaces
from collector.contact import Policy, resolve
from collector.interactions import Interaction, tombstones
from collector.invitations import policies, replay, subjects
from collector.invitations.models import CONTACTS, Decision, Invitation, Subject, Trigger
from collector.surveys import Bound, Standing
from collector.workspaces import sight

MOST_TRIGGERS = 200_000
NEVER = datetime.max.replace(tzinfo=UTC)
TICK = timedelta(microseconds=1)
JUDGED_LATER = frozenset(
    {"invited", "scheduled", "same_transaction", "same_journey_instance", "other_step", "quarantine", "cap", "sampled_out"}
)  # fmt: skip
"""What is only said of a trigger that nothing had cancelled yet (see ``eligibility.RULES``)."""


NEEDED = (
    *(
        "trigger_id",
        "touchpoint",
        "journey",
        "customer",
        "transaction",
        "target",
        "channel",
        "persona",
        "locale",
    ),
    *("attributes", "cancel_on", "not_before", "occurred_at", "received_at"),
)
"""What is read of a trigger, and of an ask: as rows, since a year's objects of the ORM take longer than playing them."""
OF_ASK = (
    *("trigger_id", "survey", "state", "channel", "customer", "transaction", "journey", "journey_instance"),
    *("created_at", "asked_at", "shown_at", "ended_at"),
)


@dataclass(frozen=True)
class Past:
    """What stood before the first trigger (``asked``: by the collector, in their order), and what really followed."""

    asked: list[Any]
    really: Mapping[uuid.UUID, replay.Ask]
    opted_out: Mapping[str, datetime]
    consents: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Simulated:
    """How often each touchpoint would be asked or not, by reason; ``complete`` is False where triggers were too many.

    ``current`` is the same of the same triggers under the policy that holds now: what a draft is compared with.
    """

    totals: list[dict[str, Any]]
    current: list[dict[str, Any]]
    triggers: int
    asked: int
    since: datetime
    complete: bool


def simulate(
    session: Session,
    workspace: workspaces.Workspace,
    draft: Mapping[str, Any],
    survey_drafts: Mapping[str, Mapping[str, Any]],
    days: int,
    now: datetime,
) -> Simulated:
    """Play the triggers of the last ``days`` under a draft policy; surveys and touchpoints as they stand now.

    Drafts replace the workspace's document and those of the surveys named; nothing is stored.
    """
    since = now - timedelta(days=days)
    with sight.whole(session):  # only counted
        rows = _triggers(session, workspace.workspace_id, since)
        events = list(_events(session, workspace.workspace_id, rows[:MOST_TRIGGERS]))
        past = _past(session, workspace.workspace_id, since)
        before = _world(session, workspace, policies.own(workspace), {}, past)
        after = _world(session, workspace, draft, survey_drafts, past)
    outcomes = replay.play(after, events, until=now)
    return Simulated(
        totals=_totals(outcomes),
        current=_totals(replay.play(before, events, until=now)),
        triggers=len(events),
        asked=sum(outcome.verdict.is_invite for outcome in outcomes),
        since=since,
        complete=len(rows) <= MOST_TRIGGERS,
    )


def totals(session: Session, workspace_id: uuid.UUID, since: datetime) -> list[dict[str, Any]]:
    """What was really decided since a time, in the same shape, to stand beside a simulation."""
    query = select(Trigger.touchpoint, Decision.decision, Decision.reason).join(
        Decision,
        and_(Decision.workspace_id == Trigger.workspace_id, Decision.trigger_id == Trigger.trigger_id),
    )
    query = query.where(Trigger.workspace_id == workspace_id, Trigger.received_at >= since)
    return _counted(tuple(row) for row in session.execute(query))


def _totals(outcomes: Iterable[replay.Outcome]) -> list[dict[str, Any]]:
    return _counted((each.event.touchpoint, each.verdict.decision, each.verdict.reason) for each in outcomes)


def _counted(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    names = ("touchpoint", "decision", "reason", "n")
    return [dict(zip(names, (*key, n), strict=True)) for key, n in sorted(Counter(rows).items())]


def _triggers(session: Session, workspace_id: uuid.UUID, since: datetime) -> list[Any]:
    names = (Decision.reason, Decision.earlier, Decision.journey_instance)
    query = select(*(getattr(Trigger, name) for name in NEEDED), *names).join(
        Decision,
        and_(Decision.workspace_id == Trigger.workspace_id, Decision.trigger_id == Trigger.trigger_id),
    )
    query = query.where(Trigger.workspace_id == workspace_id, Trigger.received_at >= since)
    order = (Trigger.received_at, Trigger.position, Trigger.trigger_id)
    return list(session.execute(query.order_by(*order).limit(MOST_TRIGGERS + 1)))


def _events(session: Session, workspace_id: uuid.UUID, rows: list[Any]) -> Iterator[replay.Event]:
    withdrawn = _withdrawn(session, workspace_id, [row.trigger_id for row in rows if row.not_before])
    happened = _happened(session, workspace_id, rows)
    transactions = {row.transaction for row in rows if row.transaction}
    undone = tombstones.buried_at(session, workspace_id, tombstones.TRANSACTION, transactions)
    for row in rows:
        instance = row.journey_instance
        taken_back = _taken_back(row, undone)
        at, by = min(
            _overtaken(happened, row, instance),
            (withdrawn.get(row.trigger_id), "the business system"),
            (taken_back, "a cancellation"),
            key=lambda each: each[0] or NEVER,
        )
        yield replay.Event(
            trigger_id=row.trigger_id,
            at=row.received_at,
            touchpoint=row.touchpoint,
            journey=row.journey,
            instance=instance,
            customer=row.customer,
            transaction=row.transaction,
            target=row.target,
            channel=row.channel,
            persona=row.persona,
            locale=row.locale,
            attributes=row.attributes,
            not_before=row.not_before,
            cancelled_at=at,
            cancelled_by=by,
            is_undone=taken_back is not None,
        )


def _taken_back(row: Any, undone: Mapping[str, datetime]) -> datetime | None:
    """When a cancellation or an erasure was known that undid a trigger: as it came, where it was refused for that."""
    received_at: datetime = row.received_at
    first = row.earlier[0]["reason"] if row.earlier else row.reason
    if first == "cancelled":
        return received_at
    undone_at = undone.get(row.transaction or "")
    if undone_at is None or undone_at < row.occurred_at:
        return None
    knew_better = first in JUDGED_LATER  # it came that far, so that the cancellation arrived behind it
    return max(undone_at, received_at + TICK) if knew_better else undone_at


def _happened(session: Session, workspace_id: uuid.UUID, rows: list[Any]) -> dict[str, list[Interaction]]:
    """Events that some trigger wanted to be cancelled by, by transaction and by journey instance, as they arrived."""
    names = {name for row in rows for name in row.cancel_on}
    query = select(Interaction).where(Interaction.workspace_id == workspace_id, Interaction.event.in_(names))
    found: dict[str, list[Interaction]] = defaultdict(list)
    for event in session.scalars(query.order_by(Interaction.received_at)) if names else ():
        found[f"transaction {event.transaction}"].append(event)
        found[f"instance {event.journey_instance}"].append(event)
    return found


def _overtaken(
    happened: dict[str, list[Interaction]], row: Any, instance: str | None
) -> tuple[datetime | None, str]:
    """When, and by which event, a trigger with ``cancel_on`` was overtaken."""
    if not row.cancel_on:
        return None, ""
    hits = [e for e in happened.get(f"transaction {row.transaction}", ()) if row.transaction is not None]
    if instance is not None:
        later = happened.get(f"instance {instance}", ())
        hits += [event for event in later if event.occurred_at >= row.occurred_at]
    hits = [event for event in hits if event.event in row.cancel_on]
    first = min(hits, key=lambda event: event.received_at, default=None)
    return (first.received_at, first.event) if first else (None, "")


def _withdrawn(
    session: Session, workspace_id: uuid.UUID, delayed: list[uuid.UUID]
) -> dict[uuid.UUID, datetime]:
    """trigger -> when it was taken back while it waited."""
    if not delayed:
        return {}
    query = select(Invitation.trigger_id, Invitation.ended_at).where(
        Invitation.workspace_id == workspace_id,
        Invitation.state == "cancelled",
        Invitation.asked_at.is_(None),
        Invitation.not_before.is_not(None),
    )
    return {trigger_id: at for trigger_id, at in session.execute(query) if trigger_id and at}


def _world(
    session: Session,
    workspace: workspaces.Workspace,
    draft: Mapping[str, Any],
    survey_drafts: Mapping[str, Mapping[str, Any]],
    past: Past,
) -> replay.World:
    workspace_id = workspace.workspace_id
    standing: dict[str, list[Bound]] = defaultdict(list)
    for bound in filter(surveys.asks_everybody, surveys.bound(session, workspace_id)):  # runs ask apart
        standing[bound.touchpoint].append(bound)
    known: dict[str, Policy] = {}

    def policy_of(survey: Standing | None) -> Policy:
        key = survey.key if survey else ""
        if key not in known:
            own = survey_drafts.get(key, survey.policy) if survey else {}
            known[key] = resolve(draft, own, workspace.timezone)
        return known[key]

    plans = journeys.asking_plans(session, workspace_id)
    switches = journeys.feedback_switches(session, workspace_id)
    only = journeys.only_journeys(session, workspace_id)
    world = replay.World(workspace_id, switches, standing, policy_of, plans, only)
    world.opted_out, world.consents, world.really = past.opted_out, past.consents, past.really
    for made in past.asked:
        _remember_ask(world, made)
    return world


def _past(session: Session, workspace_id: uuid.UUID, since: datetime) -> Past:
    """Who objected, who consented, whom the collector asked before, and what became of those it asked since."""
    people = select(Subject.customer, Subject.opted_out_at, Subject.consents)
    objected, consents = {}, {}
    for customer, opted_out_at, given in session.execute(people.where(Subject.workspace_id == workspace_id)):
        if opted_out_at:
            objected[customer] = opted_out_at
        if given:
            consents[customer] = subjects.consented_in(given)
    query = select(*(getattr(Invitation, name) for name in OF_ASK)).where(
        Invitation.workspace_id == workspace_id, Invitation.source.in_(CONTACTS)
    )
    made = session.execute(query.order_by(Invitation.asked_at)).all()
    really = {
        each.trigger_id: _ask(each)
        for each in made
        if each.created_at >= since and each.asked_at is not None and each.trigger_id is not None
    }
    return Past([each for each in made if each.created_at < since], really, objected, consents)


def _remember_ask(world: replay.World, made: Any) -> None:
    if made.transaction:
        world.transactions.add(made.transaction)
    if made.asked_at is None:
        return
    if made.customer:
        world.asks[made.customer].append(_ask(made))
    if made.journey_instance:
        world.instances[made.journey, made.journey_instance].append(_ask(made))


def _ask(made: Any) -> replay.Ask:
    outcome = made.state if made.state in {"answered", "declined", "cancelled"} else "ignored"
    return replay.Ask(
        made.survey, made.asked_at or made.created_at, made.channel, outcome, made.shown_at, made.ended_at
    )
