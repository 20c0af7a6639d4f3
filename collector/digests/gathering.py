"""What is new for somebody's scope since their last digest."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import days, insights, journeys, responses, signals, workspaces
from collector.db import InWorkspace
from collector.insights import Action, Insight
from collector.kpis import METRICS, Verdict, Window, verdicts
from collector.workspaces import Person, scopes, sight

Row = TypeVar("Row", bound=InWorkspace)
DAYS, SOON, MOST = 90, timedelta(days=7), 20


@dataclass(frozen=True)
class Stated:
    """A verdict with the journey it was found on; ``name`` is the same for as long as it says the same."""

    journey: str
    verdict: Verdict

    @property
    def name(self) -> str:
        subject, sign = self.verdict.subject, "falls" if self.verdict.falls else "rises"
        sides = [
            f"{key}={value}" for side in (subject.of, subject.against) for key, value in sorted(side.items())
        ]
        return "|".join([self.verdict.kind, self.journey, self.verdict.metric.key, *sides, sign])


@dataclass(frozen=True)
class News:
    """All of it, and what touchpoints are called. ``due`` are actions due within a week or overdue."""

    stated: list[Stated] = field(default_factory=list)
    raised: list[signals.Signal] = field(default_factory=list)
    unhappy: dict[str, int] = field(default_factory=dict)
    moved: list[Insight] = field(default_factory=list)
    due: list[Action] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)
    today: date = date.min
    known: list[str] = field(default_factory=list)
    is_new: bool = False


def gather(
    session: Session,
    person: Person,
    since: datetime,
    known: Collection[str],
    now: datetime,
    kinds: Collection[str],
) -> News:
    """What there is to tell, signals, insights and actions as far as these ``kinds`` are wanted.

    The session reads no further than the person may.
    """
    workspace_id, scope = person.workspace_id, scopes.of(person.scope)
    company = workspaces.facts(session, workspace_id)
    _bind(session, person)
    today = days.day_of(now, company.timezone)
    owned = journeys.owners_of_all(session, workspace_id)
    mine = [key for key, owners in owned.items() if scope.covers(owners)]
    stated = [
        each for each in _stated(session, workspace_id, today) if scope.covers(each.verdict.subject.owners)
    ]
    fresh = [each for each in stated if each.name not in known]
    moved = _moved(session, workspace_id, since) if "insights" in kinds else []
    raised = _raised(session, workspace_id, since) if "signals" in kinds else []
    unhappy = _unhappy(session, workspace_id, mine, since)
    pending = insights.doing.open_actions(session, workspace_id, scope.stored)
    due = [action for action, _ in pending if action.due <= today + SOON and "actions" in kinds]
    before = days.day_of(since, company.timezone)
    turned = any(before <= action.due <= today or before + SOON < action.due for action in due)
    places = journeys.touchpoints(session, workspace_id, limit=500).items
    return News(
        fresh[:MOST], raised[:MOST], unhappy, moved[:MOST], due[:MOST], {each.key: each.name for each in places}, today,
        [each.name for each in stated], bool(fresh or raised or moved or unhappy or turned),
    )  # fmt: skip


def gather_instant(
    session: Session, person: Person, wanted: Collection[tuple[str, uuid.UUID]], now: datetime
) -> News:
    """What there still is of some signals, insights and actions (``kind`` and key each), as far as the person may read."""
    workspace_id = person.workspace_id
    _bind(session, person)
    today = days.day_of(now, workspaces.facts(session, workspace_id).timezone)
    raised = _still(session, workspace_id, signals.Signal, "signal_id", _keys(wanted, "signals"))
    moved = _still(session, workspace_id, Insight, "insight_id", _keys(wanted, "insights"))
    due = _still(session, workspace_id, Action, "action_id", _keys(wanted, "actions"))
    raised = [row for row in raised if row.state == "open"]
    due = sorted((row for row in due if row.state == "open"), key=lambda row: row.due)
    names = signals.reading.names(session, workspace_id)
    return News(
        raised=raised, moved=moved, due=due, names=names, today=today, is_new=bool(raised or moved or due)
    )


def _bind(session: Session, person: Person) -> None:
    """From now on the session reads what this person may."""
    company = workspaces.facts(session, person.workspace_id)
    figures = company.settings.get("figures", "all")
    sight.bind(session, sight.Sight(person.workspace_id, scopes.of(person.scope), figures))


def _keys(wanted: Collection[tuple[str, uuid.UUID]], kind: str) -> list[uuid.UUID]:
    return sorted(key for each, key in wanted if each == kind)


def _still(
    session: Session, workspace_id: uuid.UUID, model: type[Row], column: str, keys: Sequence[uuid.UUID]
) -> list[Row]:
    if not keys:
        return []
    here = (model.workspace_id == workspace_id, getattr(model, column).in_(keys))
    return list(session.scalars(select(model).where(*here)))


def _stated(session: Session, workspace_id: uuid.UUID, today: date) -> list[Stated]:
    """What holds over the last 90 days."""
    first = today - timedelta(days=DAYS - 1)
    window = Window(first, today, first - timedelta(days=DAYS))
    found = []
    for key in verdicts.journey_keys(session, workspace_id):
        said = verdicts.of_journey(
            session, workspace_id, window, key, verdicts.places(session, workspace_id, key)
        )
        found += [Stated(key, verdict) for verdict in said.verdicts]
    return found


def _raised(session: Session, workspace_id: uuid.UUID, since: datetime) -> list[signals.Signal]:
    """The signals that are not over yet; only those at touchpoints in scope, as the session sees to it."""
    table = signals.Signal
    query = select(table).where(
        table.workspace_id == workspace_id, table.raised_at >= since, table.state != "over"
    )
    return list(session.scalars(query.order_by(table.signal_id.desc())))


def _moved(session: Session, workspace_id: uuid.UUID, since: datetime) -> list[Insight]:
    query = select(Insight).where(Insight.workspace_id == workspace_id, Insight.changed_at >= since)
    return list(session.scalars(query.order_by(Insight.changed_at.desc())))


def _unhappy(
    session: Session, workspace_id: uuid.UUID, mine: Collection[str], since: datetime
) -> dict[str, int]:
    """Touchpoint -> how many of the unhappy wrote a comment there; a count, which tells of no person."""
    table = responses.Response
    columns = (table.touchpoint, table.metric, table.score)
    query = select(*columns, func.count()).where(
        table.workspace_id == workspace_id,
        table.touchpoint.in_(sorted(mine)),
        table.occurred_at >= since,
        table.comment.is_not(None),
        table.hidden_at.is_(None),
        table.score.is_not(None),
    )
    found: Counter[str] = Counter()
    for touchpoint, metric, score, count in session.execute(query.group_by(*columns)):
        if metric in METRICS and score in METRICS[metric].bottom:
            found[touchpoint] += count
    return dict(found.most_common())
