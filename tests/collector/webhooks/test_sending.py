"""Nothing is lost and nothing sent twice to a healthy receiver; one that is down or slow holds up no other."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import changes, webhooks
from collector.webhooks.models import WebhookDelivery, WebhookPace


def titles(receiver: Any) -> list[str]:
    return [each["data"]["title"] for each in receiver.events]


def test_it_tries_again_under_the_same_id_until_it_is_taken(
    subscribe: Any, happen: Any, work: Any, receiver: Any, time: Any, log: Any
) -> None:
    hook = subscribe()
    receiver.statuses = [500, 503]
    happen()
    for _ in range(3):
        work()
        time.move(minutes=2)
    work()
    assert len(receiver.calls) == 3
    assert len(set(receiver.ids)) == 1
    (entry,) = log(hook)
    assert (entry["state"], entry["attempts"], entry["status"]) == ("sent", 3, 204)
    assert entry["event_id"] == receiver.ids[0]


def test_a_receiver_down_for_a_day_loses_nothing_and_gets_nothing_twice(
    subscribe: Any, happen: Any, work: Any, receiver: Any, time: Any
) -> None:
    subscribe()
    receiver.status = 503
    for _ in range(24):
        happen(2)
        work()
        time.move(hours=1)
    tried = len(receiver.calls)
    receiver.calls.clear()
    receiver.status = 204
    for _ in range(3):
        work()
        time.move(minutes=6)
    assert len(receiver.calls) == len(set(receiver.ids)) == 48
    assert receiver.ids[1:] == sorted(receiver.ids[1:])  # behind the one that found it well again
    assert tried < 24 * 6


def test_after_three_days_it_is_given_up(
    subscribe: Any, happen: Any, work: Any, receiver: Any, time: Any, log: Any
) -> None:
    hook = subscribe()
    receiver.status = 500
    happen()
    for _ in range(80):
        work()
        time.move(hours=1)
    assert [each["state"] for each in log(hook)] == ["dead"]
    assert 8 <= len(receiver.calls) <= 12


def test_after_a_week_of_failure_it_is_disabled_and_the_record_says_so(
    subscribe: Any,
    happen: Any,
    work: Any,
    receiver: Any,
    time: Any,
    client: Any,
    keys: Any,
    session: Session,
    company: Any,
) -> None:
    hook = subscribe()
    receiver.status = 500
    for _ in range(9):
        happen()
        work()
        time.move(days=1)
    url = f"/api/v1/webhooks/{hook['webhook_id']}"
    told = client.get(url, headers=keys["admin"]).json
    assert (told["enabled"], told["disabled_why"]) == (False, "failing")
    (note,) = changes.changes(session, company.workspace_id, changes.Wanted(noun="webhook", verb="disabled"))
    assert (note.actor, note.after) == ("afterword", {"name": "CRM", "why": "failing"})
    session.rollback()
    receiver.status = 204
    assert client.patch(url, json={"enabled": True}, headers=keys["admin"]).json["failures"] == 0
    receiver.calls.clear()
    happen()
    work()
    assert titles(receiver)[-1] == "Number 0"
    assert len(receiver.calls) <= 5  # what was younger than three days, and the new one


def test_one_that_is_gone_is_disabled_at_once(
    subscribe: Any, happen: Any, work: Any, receiver: Any, client: Any, keys: Any
) -> None:
    hook = subscribe()
    receiver.status = 410
    happen()
    work()
    told = client.get(f"/api/v1/webhooks/{hook['webhook_id']}", headers=keys["admin"]).json
    assert (told["enabled"], told["disabled_why"], len(receiver.calls)) == (False, "gone", 1)


def test_one_that_hangs_holds_up_no_other(
    subscribe: Any, happen: Any, session: Session, config: Any, receiver: Any, other_receiver: Any, time: Any
) -> None:
    subscribe(name="slow")
    subscribe(name="quick", url=other_receiver.url)
    receiver.held.clear()
    happen(3)
    webhooks.spread(session, time())
    session.commit()
    assert webhooks.send_due(session, time(), config, patience=0.1) == 2
    assert receiver.arrived.wait(30)
    assert other_receiver.arrived.wait(30)
    until = threading.Event()
    for _ in range(300):
        if len(other_receiver.calls) == 3:
            break
        until.wait(0.1)
    assert titles(other_receiver) == ["Number 0", "Number 1", "Number 2"]
    assert webhooks.send_due(session, time(), config) == 0  # the slow one is leased
    receiver.held.set()
    for _ in range(300):
        if len(receiver.calls) == 3:
            break
        until.wait(0.1)
    assert len(set(receiver.ids)) == 3


def test_a_redirect_is_not_followed(
    subscribe: Any, happen: Any, work: Any, receiver: Any, other_receiver: Any, log: Any
) -> None:
    hook = subscribe()
    receiver.status, receiver.location = 302, other_receiver.url
    happen()
    work()
    assert other_receiver.calls == []
    assert [(each["state"], each["status"]) for each in log(hook)] == [("queued", 302)]


def test_while_a_secret_is_renewed_both_sign(
    subscribe: Any, happen: Any, work: Any, receiver: Any, client: Any, keys: Any, verify: Any, time: Any
) -> None:
    hook = subscribe()
    url = f"/api/v1/webhooks/{hook['webhook_id']}/secret"
    renewed = client.post(url, headers=keys["admin"]).json["secret"]
    happen()
    work()
    for secret in (hook["secret"], renewed):
        assert verify(secret, *receiver.calls[0])["type"] == "signal.raised"
    time.move(days=2)
    happen()
    work()
    headers, body = receiver.calls[1]
    assert len(headers["webhook-signature"].split()) == 1
    assert verify(renewed, headers, body)["type"] == "signal.raised"


def test_it_is_sent_again_one_or_all_since(
    subscribe: Any, happen: Any, work: Any, receiver: Any, client: Any, keys: Any, time: Any, log: Any
) -> None:
    hook = subscribe()
    happen()
    time.move(hours=1)
    happen(2)
    work()
    first, second, third = receiver.ids
    url = f"/api/v1/webhooks/{hook['webhook_id']}/resend"
    assert client.post(url, json={"event_id": first}, headers=keys["admin"]).json == {"resent": 1}
    work()
    since = {"since": "2026-11-02T10:30:00Z"}
    assert client.post(url, json=since, headers=keys["admin"]).json == {"resent": 2}
    work()
    assert receiver.ids == [first, second, third, first, second, third]
    assert [each["event_id"] for each in log(hook, after=first)] == [second, third]
    assert [each["event_id"] for each in log(hook, limit=1)] == [third]
    unknown = client.post(url, json={"event_id": hook["webhook_id"]}, headers=keys["admin"])
    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown_event")


def test_the_log_is_kept_for_a_month(
    subscribe: Any, happen: Any, work: Any, time: Any, log: Any, session: Session
) -> None:
    hook = subscribe()
    happen()
    work()
    time.move(days=29)
    assert not webhooks.are_old(session, time())
    time.move(days=2)
    assert webhooks.are_old(session, time())
    assert webhooks.let_go(session, time()) == 1
    session.commit()
    assert log(hook) == []


def test_a_slower_worker_notes_nothing_that_it_has_no_lease_for(
    subscribe: Any, happen: Any, work: Any, receiver: Any, session: Session, time: Any
) -> None:
    from collector.webhooks.messages import Outcome
    from collector.webhooks.sending import claim
    from collector.webhooks.settling import settle

    subscribe()
    happen()
    webhooks.spread(session, time())
    ((to, (parcel,)),) = claim(session, time(), "https://ask.example.com")
    session.commit()
    time.move(minutes=6)
    work()
    assert not settle(session, to, parcel, Outcome(500), time())
    assert session.scalars(select(WebhookDelivery.state)).all() == ["sent"]
    assert session.scalars(select(WebhookPace.failures)).all() == [0]
