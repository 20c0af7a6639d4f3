"""Verbs: try a draft policy on the triggers of the last days, before it is saved."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from collector import journeys, surveys, workspaces
from collector.contact import Policy, resolve
from collector.interactions import Interaction
from collector.invitations import replay, subjects
from collector.invitations.models import Decision, Invitation, Subject, Trigger
from collector.surveys import Bound, Standing
from collector.workspaces import sight

MOST_TRIGGERS = 200_000


@dataclass(frozen=True)
class Simulated:
    """How often each touchpoint would be asked or not, by reason; ``complete`` is False where triggers were too many."""

    totals: list[dict[str, Any]]
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
        world = _world(session, workspace, draft, survey_drafts, since)
        rows = _triggers(session, workspace.workspace_id, since)
        events = list(_events(session, workspace.workspace_id, rows[:MOST_TRIGGERS]))
    outcomes = replay.play(world, events, until=now)
    totals = Counter((o.event.touchpoint, o.verdict.decision, o.verdict.reason) for o in outcomes)
    names = ("touchpoint", "decision", "reason", "n")
    return Simulated(
        totals=[dict(zip(names, (*key, n), strict=True)) for key, n in sorted(totals.items())],
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
    counted = Counter(tuple(row) for row in session.execute(query))
    names = ("touchpoint", "decision", "reason", "n")
    return [dict(zip(names, (*key, n), strict=True)) for key, n in sorted(counted.items())]


def _triggers(session: Session, workspace_id: uuid.UUID, since: datetime) -> list[Any]:
    query = select(Trigger, Decision.journey_instance).join(
        Decision,
        and_(Decision.workspace_id == Trigger.workspace_id, Decision.trigger_id == Trigger.trigger_id),
    )
    query = query.where(Trigger.workspace_id == workspace_id, Trigger.received_at >= since)
    order = (Trigger.received_at, Trigger.position, Trigger.trigger_id)
    return list(session.execute(query.order_by(*order).limit(MOST_TRIGGERS + 1)))


def _events(session: Session, workspace_id: uuid.UUID, rows: list[Any]) -> Iterator[replay.Event]:
    withdrawn = _withdrawn(session, workspace_id, [row.trigger_id for row, _ in rows if row.not_before])
    happened = _happened(session, workspace_id, rows)
    for row, instance in rows:
        at, by = _overtaken(happened, row, instance)
        if row.trigger_id in withdrawn and (at is None or withdrawn[row.trigger_id] < at):
            at, by = withdrawn[row.trigger_id], "the business system"
        yield replay.Event(
            trigger_id=row.trigger_id,
            at=row.received_at,
            touchpoint=row.touchpoint,
            journey=row.journey,
            instance=instance,
            customer=row.customer,
            transaction=row.transaction,
            channel=row.channel,
            persona=row.persona,
            locale=row.locale,
            attributes=row.attributes,
            not_before=row.not_before,
            cancelled_at=at,
            cancelled_by=by,
        )


def _happened(session: Session, workspace_id: uuid.UUID, rows: list[Any]) -> dict[str, list[Interaction]]:
    """Events that some trigger wanted to be cancelled by, by transaction and by journey instance, as they arrived."""
    names = {name for row, _ in rows for name in row.cancel_on}
    query = select(Interaction).where(Interaction.workspace_id == workspace_id, Interaction.event.in_(names))
    found: dict[str, list[Interaction]] = defaultdict(list)
    for event in session.scalars(query.order_by(Interaction.received_at)) if names else ():
        found[f"transaction {event.transaction}"].append(event)
        found[f"instance {event.journey_instance}"].append(event)
    return found


def _overtaken(
    happened: dict[str, list[Interaction]], row: Trigger, instance: str | None
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
    since: datetime,
) -> replay.World:
    workspace_id = workspace.workspace_id
    standing: dict[str, list[Bound]] = defaultdict(list)
    for bound in surveys.bound(session, workspace_id):
        standing[bound.touchpoint].append(bound)
    policies: dict[str, Policy] = {}

    def policy_of(survey: Standing | None) -> Policy:
        key = survey.key if survey else ""
        if key not in policies:
            own = survey_drafts.get(key, survey.policy) if survey else {}
            policies[key] = resolve(draft, own, workspace.timezone)
        return policies[key]

    plans = journeys.asking_plans(session, workspace_id)
    world = replay.World(
        workspace_id, journeys.feedback_switches(session, workspace_id), standing, policy_of, plans
    )
    _remember(session, world, since)
    return world


def _remember(session: Session, world: replay.World, since: datetime) -> None:
    """Who objected, who consented, whom the collector asked before, and what became of those it asked since."""
    people = session.scalars(select(Subject).where(Subject.workspace_id == world.workspace_id)).all()
    world.opted_out = {p.customer: p.opted_out_at for p in people if p.opted_out_at}
    world.consents = {p.customer: subjects.consented(p) for p in people if p.consents}
    query = select(Invitation).where(
        Invitation.workspace_id == world.workspace_id, Invitation.source.in_(("solicited", "imported"))
    )
    really = {}
    for made in session.scalars(query.order_by(Invitation.asked_at)):
        if made.created_at < since:
            _remember_ask(world, made)
        elif made.asked_at is not None and made.trigger_id is not None:
            really[made.trigger_id] = _ask(made)
    world.really = really


def _remember_ask(world: replay.World, made: Invitation) -> None:
    if made.transaction:
        world.transactions.add(made.transaction)
    if made.asked_at is None:
        return
    if made.customer:
        world.asks[made.customer].append(_ask(made))
    if made.journey_instance:
        world.instances[made.journey, made.journey_instance].append(_ask(made))


def _ask(made: Invitation) -> replay.Ask:
    outcome = made.state if made.state in {"answered", "declined", "cancelled"} else "ignored"
    return replay.Ask(
        made.survey, made.asked_at or made.created_at, made.channel, outcome, made.shown_at, made.ended_at
    )
