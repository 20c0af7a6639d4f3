"""A delayed trigger waits in the table, is decided again when due, and is forgotten by no restart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import clock, db, interactions, invitations, journeys, surveys, workspaces
from collector.interactions.schemas import InteractionsIn
from collector.invitations.schemas import TriggersIn
from collector.service.worker import JOBS, run_job
from collector.surveys.schemas import SurveysIn
from tests.collector.invitations.delay.conftest import DAY, Send, decision


def test_it_opens_when_due_and_keeps_what_was_decided_before(
    session: Session, send: Send, work: Any, stored: Any, time: clock.FixedClock
) -> None:
    entry = send(transaction="order-1", delay=3 * DAY)
    assert (entry.decision.reason, stored(entry).state, stored(entry).asked_at) == (
        "scheduled",
        "waiting",
        None,
    )
    time.move(days=2, hours=23)
    assert work() == 0
    time.move(hours=1)
    assert work() == 1
    assert (stored(entry).state, stored(entry).asked_at) == ("open", time())
    now = decision(session, entry)
    assert (now.decision, now.reason, now.decided_at) == ("invite", "invited", time())
    assert [(row["decision"], row["reason"]) for row in now.earlier] == [("invite", "scheduled")]
    assert work() == 0


def test_the_policy_is_checked_again_when_due(
    session: Session, send: Send, work: Any, stored: Any, time: clock.FixedClock
) -> None:
    entry = send(transaction="order-1", delay=3 * DAY)
    time.move(days=1)
    send(transaction="visit-1", touchpoint="installed", journey_instance="other")
    time.move(days=2)
    work()
    now = decision(session, entry)
    assert (stored(entry).state, now.decision, now.reason) == ("skipped", "skip", "quarantine")
    assert now.next_eligible_at == time() + timedelta(days=28)
    assert now.invitation_id is None


def test_of_two_that_wait_for_one_customer_the_first_is_asked(
    session: Session, send: Send, work: Any, stored: Any, time: clock.FixedClock
) -> None:
    later = send(transaction="order-1", delay=4 * DAY, journey_instance="a")
    sooner = send(transaction="order-2", delay=3 * DAY, journey_instance="b")
    time.move(days=9)
    assert work() == 2
    assert (stored(sooner).state, stored(later).state) == ("open", "skipped")


def test_its_link_shows_nothing_before_and_the_question_after_without_a_worker(
    client: FlaskClient, trigger: Any, time: clock.FixedClock
) -> None:
    token = trigger(transaction="order-1", delay=3600)["invitation"]["token"]
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 204
    time.move(hours=1)
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 200


def test_the_survey_may_have_ended_or_paused_meanwhile(
    session: Session, company: Any, send: Send, work: Any, time: clock.FixedClock
) -> None:
    entry = send(transaction="order-1", delay=DAY)
    surveys.get(session, company.workspace_id, "order-nps").state = "paused"
    time.move(days=1)
    work()
    assert decision(session, entry).reason == "not_eligible"


def test_it_asks_the_version_that_stands_when_due(
    session: Session, company: Any, send: Send, work: Any, stored: Any, time: clock.FixedClock
) -> None:
    entry = send(transaction="order-1", delay=DAY)
    template = {
        "key": "order-nps",
        "template": "nps",
        "touchpoint": "order-confirmed",
        "journey": "first-order",
    }
    again = SurveysIn().load({"surveys": [{**template, "subject": "Example Line"}]})["surveys"]
    surveys.apply(session, company.workspace_id, again, "tests", time(), confirm_break=True)
    time.move(days=1)
    work()
    assert stored(entry).survey_version == 2


def test_a_restart_forgets_none_of_hundreds(
    database_url: str, session: Session, company: workspaces.Workspace, time: clock.FixedClock
) -> None:
    items = [
        {
            "touchpoint": "order-confirmed",
            "customer": f"c-{number}",
            "transaction": f"order-{number}",
            "delay": 60 + 5 * number,
            "cancel_on": ["refund"],
        }
        for number in range(200)
    ]
    schema = TriggersIn()
    for half in (items[:100], items[100:]):
        invitations.trigger(session, company, schema.load({"triggers": half})["triggers"], time())
    for number in range(0, 200, 10):
        invitations.cancel(session, company.workspace_id, f"order-{number}", time())
    refunds = [
        {"event": "refund", "touchpoint": "installed", "transaction": f"order-{n}"} for n in range(5, 200, 10)
    ]
    interactions.record(
        session, company, InteractionsIn().load({"interactions": refunds})["interactions"], time()
    )
    session.commit()
    session.close()

    job = next(job for job in JOBS if job.run is invitations.open_due)
    for moved in (400, 1000):  # the first worker ends in the middle; the next one starts from the table alone
        engine = db.make_engine(database_url)
        time.move(seconds=moved)
        run_job(job, db.make_sessions(engine), time)
        run_job(job, db.make_sessions(engine), time)
        engine.dispose()

    states = states_of(database_url)
    assert states == {
        ("open", "invited"): 160,
        ("cancelled", "cancelled"): 20,
        ("skipped", "cancelled"): 20,
    }


def states_of(url: str) -> dict[tuple[str, str], int]:
    made, decided = invitations.Invitation, invitations.Decision
    query = (
        select(made.state, decided.reason, func.count())
        .join(decided, (decided.workspace_id == made.workspace_id) & (decided.trigger_id == made.trigger_id))
        .group_by(made.state, decided.reason)
    )
    engine = db.make_engine(url)
    with db.make_sessions(engine)() as session:
        found = {(state, reason): n for state, reason, n in session.execute(query)}
    engine.dispose()
    return found


def test_two_workers_open_each_one_once(postgresql_url: str, time: clock.FixedClock) -> None:
    """On PostgreSQL a claimed row is passed over by the other worker."""
    engine = db.make_engine(postgresql_url)
    sessions = db.make_sessions(engine)
    with sessions.begin() as session:
        company = workspaces.create(session, "Example Telecom", time())
        prepare(session, company, time())
    time.move(days=1)
    with sessions() as first, sessions() as second:
        assert invitations.open_due(first, time()) == 100
        assert invitations.open_due(second, time()) == 20
        second.commit()
        first.commit()
        assert invitations.open_due(second, time()) == 0
    engine.dispose()


def prepare(session: Session, company: workspaces.Workspace, now: datetime) -> None:
    place = {"touchpoints": [{"key": "order-confirmed", "name": "Order confirmed", "channel": "web"}]}
    journeys.apply(session, company.workspace_id, place, "tests", now)
    entries = [
        {"key": "order-nps", "template": "nps", "subject": "Example Telecom", "touchpoint": "order-confirmed"}
    ]
    surveys.apply(
        session, company.workspace_id, SurveysIn().load({"surveys": entries})["surveys"], "tests", now
    )
    items = [
        {"touchpoint": "order-confirmed", "customer": f"c-{n}", "transaction": f"o-{n}", "delay": 60}
        for n in range(120)
    ]
    invitations.trigger(session, company, TriggersIn().load({"triggers": items})["triggers"], now)
