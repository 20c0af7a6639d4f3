"""Something to do for every job of the worker: one function, which a job that is added must find its work in."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import insights, webhooks, workspaces
from collector.changes import Change
from collector.communities import panels, runs
from collector.deliveries import Delivery
from collector.digests.models import Digest, InstantNews, MailWish
from collector.exchange.models import Arrival, Inbound
from collector.interactions import Interaction
from collector.invitations import Invitation
from collector.kpis import Rollup, day_zones
from collector.kpis.models import AskRollup
from collector.outcomes import Outcome
from collector.responses import Response
from collector.signals.models import AskClock, SignalPlace
from collector.surveys import MetricSeries
from collector.workspaces.models import AccountLink

COPY = "c-%"
"""The customers of rows that were copied (``growth``): no news are among them."""
OLDER = "an-older-secret-that-is-long-enough"
"""What seals members' addresses until the worker seals them anew."""


def make(session: Session, now: datetime) -> None:
    """Give every job something to do, in a database with one company, answers at *installed* and a bound survey."""
    day_zones.recut(session, now)
    for give in (
        _watch_an_insight,
        _keep_an_old_event,
        _hear_new_comments,
        _invite_a_member,
        _want_to_be_told,
        _have_its_number,
        _be_wrong,
        _keep_things_for_a_time,
        _hear_from_another_tool,
        _write_to_a_customer,
    ):
        give(session, now)


def _company(session: Session) -> uuid.UUID:
    found = session.scalars(select(MetricSeries.workspace_id)).first()
    assert found is not None
    return found


def _be_wrong(session: Session, now: datetime) -> None:
    """The rollups hold what nobody said."""
    session.execute(update(Rollup).values(n=Rollup.n + 1))
    session.execute(update(AskRollup).values(asked=AskRollup.asked + 1))


def _keep_an_old_event(session: Session, now: datetime) -> None:
    """Somebody was told of something long ago."""
    workspace_id = _company(session)
    long_ago = now - timedelta(days=400)
    event = {"kind": "response.completed", "at": long_ago, "data": {}, "spread_at": long_ago}
    session.execute(update(webhooks.Webhook).values(url="https://10.0.0.1/hooks"))  # nobody is called
    session.add(webhooks.WebhookEvent(workspace_id=workspace_id, event_id=uuid.uuid4(), **event))


def _hear_new_comments(session: Session, now: datetime) -> None:
    """Enough comments are new at a touchpoint for a look at what they are about, and asks are old enough."""
    workspace_id = _company(session)
    place = {"touchpoint": "installed", "began_on": now.date(), "days": {}, "said": 10, "due_at": now}
    session.merge(SignalPlace(workspace_id=workspace_id, **place))
    session.merge(AskClock(workspace_id=workspace_id, reached=now - timedelta(days=10)))


def _invite_a_member(session: Session, now: datetime) -> None:
    """A run asks a member of its panel."""
    workspace_id = _company(session)
    panel = {"key": "testers", "name": "Testers", "consent": {"en": "May we ask you?"}}
    row = panels.actions.make(session, workspace_id, panel, "tests", now)
    joining = panels.joining.Joining(
        ["cu_" + "m" * 24],
        "import",
        panels.joining.Consent("v1", now, "a form"),
        contact=panels.contacts.Contact("m@example.com"),
    )
    panels.joining.join(session, row, joining, now, [OLDER])
    run = runs.Run("page", "Page", "running", "order-nps", "order-confirmed", panel_key="testers")
    assert panels.asking.enlist(session, workspace_id, run, "email", now) == 1


def _have_its_number(session: Session, now: datetime) -> None:
    """A run has the answers that decide it."""
    workspace_id = _company(session)
    assumed = {"measure": "nps", "kind": "threshold", "direction": "above", "value": 0}
    where = {"survey": "order-nps", "touchpoint": "order-confirmed", "hypotheses": [assumed], "n": 5}
    made = {"state": "running", "design": "fixed", "created_by": "tests", "created_at": now}
    session.add(runs.StoredRun(workspace_id=workspace_id, key="page", name="Page", **where, **made))
    some = select(Response.response_id).where(Response.score.is_not(None)).limit(6)
    session.execute(update(Response).where(Response.response_id.in_(some)).values(run="page"))


def _want_to_be_told(session: Session, now: datetime) -> None:
    """Somebody wants to be told of what is theirs at once."""
    workspace_id = _company(session)
    person = workspaces.add_person(
        session, workspace_id, "ada@example.com", "Ada", "a long enough password", now
    )
    wish = {"signals": "at_once", "insights": "at_once", "since": now - timedelta(minutes=1)}
    theirs = {"workspace_id": workspace_id, "person_id": person.person_id}
    session.add(MailWish(**theirs, stop_key="k", **wish))
    session.add(Digest(**theirs, stop_key="k", every="daily", due_at=now, since=now))
    news = {"occasion": "made", "kind": "insights", "key": uuid.uuid4(), "noticed_at": now, "due_at": now}
    session.add(InstantNews(**theirs, **news))
    until = now + timedelta(days=7)
    link = {"purpose": "invite", "hash": "h", "created_at": now, "expires_at": until, "mail_due_at": now}
    session.add(AccountLink(**theirs, **link))


def _watch_an_insight(session: Session, now: datetime) -> None:
    """Something was done at a touchpoint, and whether it helped is to be seen."""
    series = session.scalars(select(MetricSeries)).first()
    assert series is not None
    row = insights.file(session, series.workspace_id, insights.Thought("Late", "installed"), "tests", now)
    session.add(
        insights.Recovery(
            workspace_id=row.workspace_id,
            insight_id=row.insight_id,
            touchpoint="installed",
            metric=series.metric,
            series_id=series.series_id,
            gap=10,
            first=now.date(),
            done_on=now.date(),
            look_at=now,
        )
    )
    _ask_again(session, row, now)


def _ask_again(session: Session, insight: insights.Insight, now: datetime) -> None:
    """Somebody who was unhappy about it is to be asked once more."""
    insight.state = "done"
    said = session.scalars(select(Response).where(Response.customer.is_not(None)).limit(1)).one()
    place = {
        name: getattr(said, name)
        for name in ("workspace_id", "response_id", "customer", "touchpoint", "survey")
    }
    session.add(
        insights.FollowUp(
            **place, insight_id=insight.insight_id, channel="email", run_after=now, enlisted_at=now
        )
    )


def _keep_things_for_a_time(session: Session, now: datetime) -> None:
    """What a company keeps for a year, some of it older than that, of each kind."""
    workspace_id, long_ago = _company(session), now - timedelta(days=400)
    kept = {"keep_answers": 380, "keep_comments": 370, "keep_interactions": 365, "keep_outcomes": 365}
    workspaces.company.change(session, workspace_id, {**kept, "keep_record": 365}, "tests", now)
    for table, key in ((Response, Response.response_id), (Interaction, Interaction.interaction_id)):
        some = select(key).where(table.customer.like(COPY), table.occurred_at > long_ago).limit(6)
        session.execute(update(table).where(key.in_(some)).values(occurred_at=long_ago))
    some = (
        select(Response.response_id)
        .where(Response.customer.like(COPY), Response.occurred_at > long_ago)
        .limit(6)
    )
    worded = {"occurred_at": now - timedelta(days=375), "comment": "Late"}
    session.execute(update(Response).where(Response.response_id.in_(some)).values(**worded))
    outcome = {"kind": "churn", "amount": 10_000, "occurred_at": long_ago, "received_at": long_ago}
    session.add(Outcome(workspace_id=workspace_id, key="crm-old", **outcome))
    session.execute(update(Change).where(Change.number == 1).values(at=long_ago))


def _hear_from_another_tool(session: Session, now: datetime) -> None:
    """Another tool delivered an answer long ago."""
    ours = {"workspace_id": _company(session), "inbound_id": uuid.uuid4()}
    tool = {"name": "Forms", "tool": "typeform", "said": {}, "secret": b"x", "key_name": "x"}
    session.add(Inbound(**ours, **tool, created_by="tests", created_at=now))
    session.flush()
    session.add(Arrival(**ours, digest="d", state="ignored", received_at=now - timedelta(days=60)))


def _write_to_a_customer(session: Session, now: datetime) -> None:
    """An invitation is to leave by mail."""
    made = session.scalars(select(Invitation).where(Invitation.state == "open").limit(1)).one()
    to = {"way": "email", "address": "c@example.com", "address_hash": "h", "code": "c", "run_after": now}
    ours = {"workspace_id": made.workspace_id, "invitation_id": made.invitation_id}
    session.add(Delivery(**ours, delivery_id=uuid.uuid4(), **to, created_at=now))
