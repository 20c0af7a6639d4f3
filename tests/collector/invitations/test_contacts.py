"""Contact rules over the database: what was asked before decides, over all surveys, channels and devices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, invitations, signing, surveys, workspaces
from collector.surveys.schemas import SurveysIn

Send = Callable[..., Any]
Headers = dict[str, dict[str, str]]


def reason(entry: Any) -> str:
    return str(entry.decision.reason)


def test_a_customer_is_asked_once_in_thirty_days_over_all_surveys(send: Send, time: clock.FixedClock) -> None:
    assert reason(send(transaction="order-1")) == "invited"
    time.move(days=10)
    again = send(touchpoint="installed", transaction="visit-1", journey_instance="another-way")
    assert reason(again) == "quarantine"
    assert again.decision.next_eligible_at == datetime(2026, 12, 2, 10, tzinfo=UTC)
    assert again.decision.rule == "all surveys wait 30 days (order-nps ignored on 2026-11-02)"
    time.time = again.decision.next_eligible_at
    assert (
        reason(send(touchpoint="installed", transaction="visit-2", journey_instance="third-way")) == "invited"
    )


def test_five_steps_of_one_way_through_a_journey_are_one_ask(send: Send, set_policy: Any, time: Any) -> None:
    set_policy(all_surveys={"after_answer": 0, "after_decline": 0, "after_ignore": 0})
    set_policy("visit-csat")
    steps = [
        send(touchpoint=place, transaction=f"t-{n}")
        for n, place in enumerate(["order-confirmed", "installed"] * 2)
    ]
    assert [reason(step) for step in steps] == ["invited", *["same_journey_instance"] * 3]
    assert steps[1].decision.next_eligible_at is None


def test_an_answer_starts_the_long_wait_of_its_survey(
    client: FlaskClient, trigger: Any, answer: Any, time: clock.FixedClock
) -> None:
    asked = trigger(customer="c-1", transaction="order-1")
    assert answer(asked["invitation"]["token"], score=9).status_code == 201
    time.move(days=31)
    again = trigger(customer="c-1", transaction="order-2", journey_instance="later")
    assert (again["reason"], again["next_eligible_at"]) == ("quarantine", "2027-01-31T10:00:00Z")
    other = trigger(customer="c-1", transaction="visit-2", touchpoint="installed", journey_instance="later")
    assert other["reason"] == "invited"


def test_a_refusal_waits_from_the_refusal(client: FlaskClient, trigger: Any, time: clock.FixedClock) -> None:
    token = trigger(customer="c-1", transaction="order-1")["invitation"]["token"]
    time.move(days=3)
    assert client.post("/w/v1/events", json={"token": token, "event": "dismissed"}).status_code == 202
    again = trigger(customer="c-1", transaction="order-2", journey_instance="later")
    assert again["next_eligible_at"] == "2026-12-05T10:00:00Z"


def test_the_same_transaction_is_one_invitation_at_any_touchpoint(send: Send) -> None:
    first = send(transaction="order-1")
    second = send(transaction="order-1", customer="c-2", touchpoint="installed")
    assert (reason(first), reason(second)) == ("invited", "same_transaction")
    assert second.invitation is None


def test_someone_unknown_is_asked_each_time(send: Send) -> None:
    assert [reason(send(customer=None, transaction=f"order-{n}")) for n in range(3)] == ["invited"] * 3


def test_someone_unknown_is_asked_once_on_one_way_through_a_journey(send: Send) -> None:
    entries = [send(customer=None, transaction=f"t-{n}", journey_instance="way-1") for n in range(3)]
    assert [reason(entry) for entry in entries] == [
        "invited",
        "same_journey_instance",
        "same_journey_instance",
    ]


def test_volunteered_feedback_is_never_throttled(
    client: FlaskClient, trigger: Any, answer: Any, keys: Headers
) -> None:
    key = keys["publishable"]["Authorization"].removeprefix("Bearer ")
    trigger(customer="c-1", transaction="order-1")
    for _ in range(3):
        form = client.get("/w/v1/survey", query_string={"key": key, "touchpoint": "order-confirmed"})
        assert answer(form.json["token"], score=3).status_code == 201


def test_a_rare_survey_finds_room_beside_a_chatty_one(
    send: Send, set_policy: Any, time: clock.FixedClock
) -> None:
    set_policy("visit-csat", reserved=True, per_journey_instance=None)
    set_policy(
        budget={"asks": 3, "days": 365, "reserved": 1},
        this_survey={"after_ignore": 30},
    )
    chatty = []
    for month in range(6):
        chatty.append(reason(send(transaction=f"order-{month}", journey_instance=f"way-{month}")))
        time.move(days=31)
    assert chatty == ["invited", "invited", "cap", "cap", "cap", "cap"]
    rare = send(touchpoint="installed", transaction="visit-1", journey_instance="way-9")
    assert reason(rare) == "invited"


def test_where_two_surveys_stand_the_second_is_asked_while_the_first_waits(
    session: Session, company: Any, send: Send, set_policy: Any, time: clock.FixedClock
) -> None:
    place = {"touchpoint": "order-confirmed", "journey": "first-order"}
    entry = {"key": "order-ces", "template": "ces", "subject": "Example Telecom", **place}
    surveys.apply(
        session, company.workspace_id, SurveysIn().load({"surveys": [entry]})["surveys"], "tests", time()
    )
    set_policy(all_surveys={"after_answer": 0, "after_decline": 0, "after_ignore": 0})
    asked = [send(transaction=f"order-{n}", journey_instance=f"way-{n}") for n in range(3)]
    assert [entry.decision.survey for entry in asked] == ["order-ces", "order-nps", "order-ces"]
    assert [reason(entry) for entry in asked] == ["invited", "invited", "quarantine"]


def test_a_daily_cap_holds_to_the_one(send: Send, set_policy: Any, time: clock.FixedClock) -> None:
    set_policy(cap_per_day=2, timezone="Europe/Berlin")
    entries = [send(customer=f"c-{n}", transaction=f"t-{n}") for n in range(4)]
    assert [reason(entry) for entry in entries] == ["invited", "invited", "cap", "cap"]
    assert entries[3].decision.next_eligible_at == datetime(2026, 11, 2, 23, tzinfo=UTC)
    time.move(hours=13)
    assert reason(send(customer="c-9", transaction="t-9")) == "invited"


def test_the_same_customers_stay_in_a_sample_and_its_share_is_kept(
    send: Send, set_policy: Any, time: clock.FixedClock
) -> None:
    set_policy("order-nps", sample=0.3)
    first = {n: send(customer=f"c-{n}", transaction=f"t-{n}") for n in range(60)}
    time.move(days=200)
    later = {n: send(customer=f"c-{n}", transaction=f"u-{n}", journey_instance=f"w-{n}") for n in range(60)}
    inside = [n for n in first if reason(first[n]) == "invited"]
    assert inside == [n for n in later if reason(later[n]) == "invited"]
    assert 8 <= len(inside) <= 30
    assert all(first[n].invitation.probability == 0.3 for n in inside)
    assert {reason(first[n]) for n in first if n not in inside} == {"sampled_out"}


def test_no_message_without_consent_on_record(
    client: FlaskClient, trigger: Any, keys: Headers, time: clock.FixedClock
) -> None:
    assert trigger(customer="c-1", channel="email", transaction="t-1")["reason"] == "no_consent"
    record = {"channel": "email", "text_version": "2026-01", "source": "checkout"}
    given = client.post("/api/v1/customers/c-1/consents", json=record, headers=keys["server"])
    assert (given.status_code, given.json["consented"]) == (201, ["email"])
    assert trigger(customer="c-1", channel="email", transaction="t-2")["reason"] == "invited"
    time.move(days=1)
    withdrawn = client.post(
        "/api/v1/customers/c-1/consents", json={**record, "given": False}, headers=keys["server"]
    )
    assert (withdrawn.json["consented"], len(withdrawn.json["consents"]["email"])) == ([], 2)
    assert trigger(customer="c-1", channel="email", transaction="t-3")["reason"] == "no_consent"


def test_who_objects_is_never_asked_again(
    client: FlaskClient, session: Session, company: Any, trigger: Any, keys: Headers, time: clock.FixedClock
) -> None:
    armed = trigger(customer="c-1", transaction="t-1")
    pseudonym = client.put("/api/v1/customers/c-1/opt-out", headers=keys["server"]).json["customer"]
    time.move(days=400)
    for channel in ("web", "phone"):
        asked = trigger(customer="c-1", channel=channel, transaction=f"t-{channel}", journey_instance=channel)
        assert (asked["reason"], asked["next_eligible_at"]) == ("opted_out", None)
    assert armed["decision"] == "invite"
    client.delete(f"/api/v1/customers/{pseudonym}/opt-out", headers=keys["server"])
    assert trigger(customer="c-1", transaction="t-9", journey_instance="w")["reason"] == "invited"


def test_a_page_shows_the_newest_ask_only_and_not_for_weeks(
    session: Session, company: Any, send: Send, time: clock.FixedClock
) -> None:
    kid, secret = workspaces.signing_key(session, company.workspace_id)
    old = send(transaction="t-1", expires_at="2027-06-01T00:00:00Z")
    time.move(days=31)
    new = send(transaction="t-2", journey_instance="w-2")
    token = signing.sign_customer(kid, secret, old.trigger.customer, time() + timedelta(days=9), time())
    shown = invitations.pending(session, token, time())
    assert shown is not None
    assert shown.invitation_id == new.invitation.invitation_id
    shown.shown_at = time()
    session.commit()
    time.move(hours=23)
    assert invitations.pending(session, token, time()) is not None
    time.move(hours=1)
    assert invitations.pending(session, token, time()) is None
