"""Who leaves a panel, or is none of it any more, is asked nothing; whoever is held up or killed sends nothing twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, db, deliveries, invitations
from collector.communities import panels
from collector.communities.panels.models import PanelAsk
from collector.deliveries import Delivery
from collector.invitations import Invitation
from tests.collector.deliveries.to_members.conftest import RUN, link_of


def test_who_leaves_between_mail_and_opening_is_told_kindly_and_no_answer_is_kept(
    post: Any,
    run: Any,
    go: Any,
    mailbox: Any,
    path: Any,
    client: Any,
    answer: Any,
    time: Any,
    session: Session,
) -> None:
    post("runs/confirmation-2/invitations", {"way": "email"})
    go()
    survey = link_of(mailbox.mails[0], path)
    out = path(mailbox.mails[0]["List-Unsubscribe"].strip("<>"))
    assert client.post(out, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    page = client.get(survey, headers={"Accept-Language": "de"})
    assert (page.status_code, "Sie haben das Panel verlassen." in page.text) == (410, True)
    given = answer(survey.removeprefix("/s/"), score=5)
    assert (given.status_code, given.json["code"]) == (410, "member_left")
    time.move(days=4)
    go()
    assert len(mailbox.mails) == 1


def test_a_mail_that_waits_when_they_leave_never_leaves(
    post: Any, run: Any, mailbox: Any, client: Any, keys: Any, session: Session, config: Any, time: Any
) -> None:
    post("runs/confirmation-2/invitations", {"way": "email"})
    invitations.ask_members(session, time())
    deliveries.send_to_members(session, time(), config)
    session.commit()
    client.delete("/api/v1/members/c-1", headers=keys["server"])
    deliveries.send_due(session, time(), config)
    assert mailbox.mails == []
    assert session.scalars(select(Delivery.state)).all() == ["dropped"]


def test_a_worker_killed_at_any_step_sends_nothing_twice(
    post: Any, run: Any, go: Any, mailbox: Any, session: Session, config: Any, time: Any
) -> None:
    post("runs/confirmation-2/invitations", {"way": "email"})
    invitations.ask_members(session, time())
    session.rollback()  # killed before its commit
    invitations.ask_members(session, time())
    session.commit()
    deliveries.send_to_members(session, time(), config)
    session.rollback()
    go()
    assert len(mailbox.mails) == 1
    assert len(session.scalars(select(Invitation)).all()) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_workers_one_asks_each_member(
    post: Any, run: Any, engine: Any, session: Session, time: Any, config: Any
) -> None:
    post("runs/confirmation-2/invitations", {"way": "email"})
    with db.make_sessions(engine)() as other:
        found = panels.asking.waiting(session, time(), 10)
        [key] = {(each.workspace_id, each.run) for each in found}
        ids = [each.member_id for each in found]
        assert len(panels.asking.locked(session, *key, ids[:1], time())) == 1
        assert [ask.member_id for ask, _ in panels.asking.locked(other, *key, ids, time())] == ids[1:]


def test_the_panels_own_rest_is_kept_between_runs(
    post: Any, run: Any, go: Any, client: Any, keys: Any, session: Session, time: Any
) -> None:
    post("runs/confirmation-2/invitations", {"way": "link"})
    go()
    post("runs", {**RUN, "key": "another"})
    post("runs/another/start")
    post("runs/another/invitations", {"way": "link"})
    go()
    asks = session.scalars(select(PanelAsk).where(PanelAsk.run == "another")).all()
    assert {(ask.state, ask.reason) for ask in asks} == {("waiting", "rest")}
    assert asks[0].run_after == time() + timedelta(days=14)
    session.rollback()
    told = client.get("/api/v1/runs/another/invitations", headers=keys["read"]).json
    assert (told["waiting"], told["waiting_for"]) == (2, {"rest": 2})
    assert datetime.fromisoformat(told["next_turn"]) == time() + timedelta(days=14)


def test_a_draft_invites_nobody_and_loses_nobody_by_it(
    post: Any, run: Any, go: Any, client: Any, keys: Any, session: Session, time: Any
) -> None:
    post("runs", {**RUN, "key": "later"})
    path = "/api/v1/runs/later/invitations"
    early = client.post(path, json={"way": "link"}, headers=keys["admin"])
    assert (early.status_code, early.json["code"]) == (409, "run_not_running")
    post("runs/later/start")
    assert post("runs/later/invitations", {"way": "link"})["enlisted"] == 2
    for ask in session.scalars(select(PanelAsk)):  # as an early list was passed over before
        ask.state, ask.reason = "skipped", "not_running"
    session.commit()
    post("runs/later/invitations", {"way": "link"})
    go()
    assert {ask.state for ask in session.scalars(select(PanelAsk))} == {"asked"}


def test_a_run_that_is_over_asks_nobody(post: Any, run: Any, go: Any, session: Session, time: Any) -> None:
    post("runs", {**RUN, "key": "short", "to": clock.iso(time() + timedelta(days=1))})
    post("runs/short/start")
    post("runs/short/invitations", {"way": "email"})
    time.move(days=2)
    go()
    assert {(ask.state, ask.reason) for ask in session.scalars(select(PanelAsk))} == {("skipped", "run_over")}
