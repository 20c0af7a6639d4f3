"""For any triggers in any order under any policy: one ask per transaction, no window broken, no rule forgotten."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from collector.contact.policy import Budget, ChannelRule, Policy, Waits
from collector.invitations.replay import Ask, Event, Outcome, World, play
from collector.surveys.running import Bound

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
PLACES = {"order": "order-nps", "visit": "visit-csat", "bill": "bill-ces"}
RARE = "bill-ces"

days = st.integers(0, 60)
waits = st.builds(Waits, days, days, days)
policies = st.builds(
    Policy,
    this_survey=waits,
    all_surveys=waits,
    reserved_surveys=waits,
    per_journey_instance=st.none() | st.integers(1, 3),
    budget=st.none() | st.builds(Budget, st.integers(1, 5), st.integers(1, 120), st.integers(0, 1)),
    channels=st.fixed_dictionaries({"chat": st.builds(ChannelRule, st.just(True), days)}),
    cap_per_day=st.none() | st.integers(0, 4),
    survey_cap_per_day=st.none() | st.integers(0, 3),
)
triggers = st.lists(
    st.tuples(
        st.integers(0, 150 * 24),  # hours after the start
        st.sampled_from(sorted(PLACES)),
        st.sampled_from(["ada", "bob", None]),
        st.integers(0, 25),  # transaction
        st.none() | st.integers(0, 4),  # journey instance
        st.sampled_from(["web", "chat"]),
        st.sampled_from([0, 0, 0, 5, 200]),  # hours of delay
        st.sampled_from(["answered", "declined", "ignored"]),
        st.integers(0, 72),  # hours until the outcome
    ),
    max_size=60,
)


def events_of(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Event], dict[uuid.UUID, Ask]]:
    events, really = [], {}
    for number, (hours, place, customer, transaction, instance, channel, delay, outcome, later) in enumerate(
        rows
    ):
        at, trigger_id = START + timedelta(hours=hours), uuid.UUID(int=number)
        due = at + timedelta(hours=delay)
        way = None if instance is None else f"way-{instance}"
        events.append(
            Event(
                trigger_id, at, place, "journey", way, customer, f"t-{transaction}", channel=channel,
                not_before=due if delay else None,
            )
        )  # fmt: skip
        if outcome != "ignored":
            really[trigger_id] = Ask("", due, outcome=outcome, ended_at=due + timedelta(hours=later))
    return sorted(events, key=lambda event: event.at), really


def world(policy: Policy, really: dict[uuid.UUID, Ask] | None = None) -> World:
    surveys = {}
    for place, key in PLACES.items():
        own = {"reserved": True} if key == RARE else {}
        surveys[place] = [
            Bound(
                key,
                1,
                uuid.UUID(int=1),
                place,
                "journey",
                "touchpoint",
                "permanent",
                "published",
                None,
                None,
                None,
                0,
                own,
            )
        ]
    own = {key: policy if key != RARE else rare(policy) for key in PLACES.values()}
    return World(
        uuid.UUID(int=7),
        dict.fromkeys(PLACES, True),
        surveys,
        lambda survey: own[survey.key] if survey else policy,
        really=really or {},
    )


def rare(policy: Policy) -> Policy:
    return Policy(**{**vars(policy), "reserved": True})


def asked(outcomes: list[Outcome]) -> list[Outcome]:
    return sorted((o for o in outcomes if o.asked_at is not None), key=lambda o: o.asked_at or START)


@given(triggers, policies)
def test_every_trigger_has_one_outcome_and_every_transaction_one_ask(rows: Any, policy: Policy) -> None:
    events, really = events_of(rows)
    outcomes = play(world(policy, really), events)
    assert sorted(o.event.trigger_id for o in outcomes) == sorted(e.trigger_id for e in events)
    transactions = [o.event.transaction for o in asked(outcomes)]
    assert len(transactions) == len(set(transactions))
    assert all(o.verdict.is_invite == (o.asked_at is not None) for o in outcomes)


@given(triggers, policies)
def test_no_two_asks_stand_closer_than_their_wait(rows: Any, policy: Policy) -> None:
    events, really = events_of(rows)
    by_customer = defaultdict(list)
    for outcome in asked(play(world(policy, really), events)):
        if outcome.event.customer:
            by_customer[outcome.event.customer].append(outcome)
    for asks in by_customer.values():
        for before, after in itertools.combinations(asks, 2):
            then = really.get(before.event.trigger_id)
            seen = then if then and then.ended_at and then.ended_at <= after.asked_at else None
            since = max(before.asked_at, seen.ended_at) if seen else before.asked_at
            waits_across = policy.reserved_surveys if after.survey == RARE else policy.all_surveys
            outcome = seen.outcome if seen else "ignored"
            assert after.asked_at >= since + waits_across.after(outcome)
            if before.survey == after.survey:
                assert after.asked_at >= since + policy.this_survey.after(outcome)
            if before.event.channel == after.event.channel == "chat":
                assert after.asked_at >= before.asked_at + timedelta(
                    days=policy.channels["chat"].days_between
                )


@given(triggers, policies)
def test_no_window_holds_more_asks_than_the_budget(rows: Any, policy: Policy) -> None:
    events, really = events_of(rows)
    if policy.budget is None:
        return
    by_customer = defaultdict(list)
    for outcome in asked(play(world(policy, really), events)):
        if outcome.event.customer:
            by_customer[outcome.event.customer].append(outcome)
    window = timedelta(days=policy.budget.days)
    for asks in by_customer.values():
        for number, last in enumerate(asks, 1):
            within = [o for o in asks[:number] if last.asked_at - window < o.asked_at]
            kept = 0 if last.survey == RARE else policy.budget.reserved
            assert len(within) <= policy.budget.asks - kept


@given(triggers, policies)
def test_one_way_through_a_journey_and_one_day_hold_no_more_than_allowed(rows: Any, policy: Policy) -> None:
    events, really = events_of(rows)
    made = asked(play(world(policy, really), events))
    ways: dict[str, int] = defaultdict(int)
    days_of: dict[Any, int] = defaultdict(int)
    for outcome in made:
        if outcome.event.instance:
            ways[outcome.event.instance] += 1
        days_of[outcome.asked_at.date()] += 1
        days_of[outcome.asked_at.date(), outcome.survey] += 1
    if policy.per_journey_instance is not None:
        assert max(ways.values(), default=0) <= policy.per_journey_instance
    for key, n in days_of.items():
        cap = policy.survey_cap_per_day if isinstance(key, tuple) else policy.cap_per_day
        assert cap is None or n <= cap


@given(triggers, policies)
def test_customers_do_not_depend_on_each_other(rows: Any, policy: Policy) -> None:
    """Without caps, what one customer is told depends on that customer's triggers alone."""
    events, really = events_of([(*row[:3], number, None, *row[5:]) for number, row in enumerate(rows)])
    uncapped = Policy(**{**vars(policy), "cap_per_day": None, "survey_cap_per_day": None})
    together = {o.event.trigger_id: o.verdict for o in play(world(uncapped, really), events)}
    alone = {}
    for customer in ("ada", "bob", None):
        own = [event for event in events if event.customer == customer]
        alone |= {o.event.trigger_id: o.verdict for o in play(world(uncapped, really), own)}
    assert together == alone


@given(
    st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=8),
    policies,
    st.randoms(use_true_random=False),
)
def test_of_several_triggers_at_one_instant_as_many_are_asked_in_any_order(
    places: list[str], policy: Policy, chance: Any
) -> None:
    strict = Policy(**{**vars(policy), "all_surveys": Waits(1, 1, 1), "reserved_surveys": Waits(1, 1, 1)})
    events = [
        Event(uuid.UUID(int=n), START, place, "journey", "way", "ada", f"t-{n}")
        for n, place in enumerate(places)
    ]
    shuffled = list(events)
    chance.shuffle(shuffled)
    first, second = play(world(strict), events), play(world(strict), shuffled)
    assert len(asked(first)) <= 1
    reserved = strict.budget is not None and strict.budget.asks <= strict.budget.reserved
    if not reserved:
        assert len(asked(first)) == len(asked(second))


@given(triggers, policies)
def test_the_same_triggers_always_give_the_same_decisions(rows: Any, policy: Policy) -> None:
    events, really = events_of(rows)
    assert play(world(policy, really), events) == play(world(policy, really), events)
