"""A batch of triggers or interactions comes to what its rows come to one by one, in as many statements as one."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from statement_plans import statements_of

from collector import interactions, invitations, workspaces
from collector.clock import FixedClock
from collector.interactions.schemas import InteractionsIn
from collector.invitations import subjects
from collector.invitations.models import AskCount
from collector.invitations.schemas import TriggersIn

Outcome = tuple[Any, ...]
POLICIES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "no plan": {"per_journey_instance": None, "all_surveys": {"after_ignore": 0}},
    "caps": {"per_journey_instance": None, "all_surveys": {"after_ignore": 0}, "cap_per_day": 7},
}


def drawn(seed: int, now: Any, size: int = 40) -> list[dict[str, Any]]:
    """A batch in which customers, transactions, instances and ids meet again, some of them late or delayed."""
    draw = random.Random(seed)
    ids = [str(uuid.UUID(int=draw.getrandbits(128), version=4)) for _ in range(size)]
    return [
        {
            "trigger_id": draw.choice(ids),
            "touchpoint": draw.choice(["order-confirmed", "order-confirmed", "installed", "unheard-of"]),
            "journey": draw.choice(["first-order", "first-order", None]),
            "customer": draw.choice([None, *(f"c-{n}" for n in range(12))]),
            "transaction": draw.choice([None, *(f"t-{n}" for n in range(25))]),
            "journey_instance": draw.choice([None, None, "i-1", "i-2"]),
            "cancel_on": draw.choice([[], ["refund"]]),
            "delay": draw.choice([0, 0, 3600]),
            "occurred_at": (now - timedelta(days=draw.choice([0, 0, 1, 50]))).isoformat(),
        }
        for _ in range(size)
    ]


def outcomes(
    session: Session, company: Any, batches: Sequence[list[dict[str, Any]]], now: Any
) -> list[Outcome]:
    """What the triggers of some batches come to; nothing of it stays. Instances are told by their order."""
    found, names = [], {}
    for batch in batches:
        loaded = TriggersIn().load({"triggers": batch})["triggers"]
        for entry in invitations.trigger(session, company, loaded, now):
            made = entry.invitation
            instance = entry.decision.journey_instance
            named = names.setdefault(instance, len(names)) if instance else None
            asked = (made.state, made.survey, made.probability, made.transaction) if made else None
            decision = entry.decision
            found.append((decision.decision, decision.reason, decision.rule, named, asked))
    session.rollback()
    return found


@pytest.mark.parametrize("policy", POLICIES)
def test_it_comes_to_what_its_rows_come_to_one_by_one(
    session: Session, company: workspaces.Workspace, time: FixedClock, set_policy: Any, send: Any, policy: str
) -> None:
    if POLICIES[policy]:
        set_policy(**POLICIES[policy])
    send(customer="c-3", transaction="t-3")
    refund = {"event": "refund", "touchpoint": None, "transaction": "t-5", "customer": "c-5"}
    loaded = InteractionsIn().load({"interactions": [refund]})["interactions"]
    interactions.record(session, company, loaded, time())
    session.commit()
    company_facts = workspaces.facts(session, company.workspace_id)
    for seed in range(4):
        batch = drawn(seed, time())
        alone = outcomes(session, company_facts, [[row] for row in batch], time())
        together = outcomes(session, company_facts, [batch], time())
        assert together == alone
        assert len({outcome[1] for outcome in together}) > 3


@pytest.mark.parametrize("size", [1, 100])
def test_triggers_take_as_many_statements_as_one(
    engine: Engine, session: Session, company: Any, time: FixedClock, send: Any, size: int
) -> None:
    send(customer="c-0")
    rows = [
        {"touchpoint": "order-confirmed", "journey": "first-order", "customer": f"n-{n}", "transaction": f"t-{n}", "cancel_on": ["refund"]}
        for n in range(size)
    ]  # fmt: skip
    loaded = TriggersIn().load({"triggers": rows})["triggers"]
    with statements_of(engine) as sent:
        invitations.trigger(session, workspaces.facts(session, company.workspace_id), loaded, time())
        session.commit()
    assert len(sent) <= 13, [statement for statement, _ in sent]


@pytest.mark.parametrize("size", [1, 100])
def test_interactions_take_as_many_statements_as_one(
    engine: Engine, session: Session, company: Any, time: FixedClock, size: int
) -> None:
    rows = [
        {"touchpoint": "installed", "journey": "first-order", "customer": f"n-{n % 60}"} for n in range(size)
    ]
    loaded = InteractionsIn().load({"interactions": rows})["interactions"]
    facts = workspaces.facts(session, company.workspace_id)
    interactions.record(session, facts, loaded, time())
    session.commit()
    with statements_of(engine) as sent:
        recorded = interactions.record(session, facts, loaded, time())
        session.commit()
    assert recorded.accepted == size
    assert len(sent) <= 8, [statement for statement, _ in sent]


def test_an_invitation_that_stands_already_is_not_made_twice(
    session: Session, company: Any, time: FixedClock, send: Callable[..., Any], set_policy: Any
) -> None:
    set_policy(**POLICIES["caps"])
    first = send(customer="c-1", invitation_id=str(uuid.uuid4()))
    rows = [
        {"touchpoint": "order-confirmed", "customer": "c-2", "invitation_id": str(first.invitation.invitation_id)},
        {"touchpoint": "order-confirmed", "customer": "c-3"},
    ]  # fmt: skip
    loaded = TriggersIn().load({"triggers": rows})["triggers"]
    entries = invitations.trigger(session, company, loaded, time())
    session.commit()
    assert [entry.decision.reason for entry in entries] == ["same_transaction", "invited"]
    assert session.scalars(select(AskCount.n).where(AskCount.survey == "")).one() == 2


@pytest.mark.parametrize(("given", "is_asked"), [(None, False), ("order-7", True)])
def test_who_was_asked_on_a_way_is_looked_up_unless_it_begins_here(
    engine: Engine,
    session: Session,
    company: Any,
    time: FixedClock,
    send: Any,
    given: str | None,
    is_asked: bool,
) -> None:
    """A name that was made up a moment ago is known to nobody; one that was given, others may have used."""
    send(customer="c-0")
    row = {"touchpoint": "order-confirmed", "journey": "first-order", "customer": "n-1", "transaction": "t-1"}
    loaded = TriggersIn().load({"triggers": [row | {"journey_instance": given}] * 2})["triggers"]
    with statements_of(engine) as sent:
        made = invitations.trigger(session, workspaces.facts(session, company.workspace_id), loaded, time())
    [asked] = [
        text for text, _ in sent if text.startswith("SELECT invitation.invitation_id, invitation.survey")
    ]
    assert asked.count("UNION ALL") == (2 if is_asked else 1), asked
    assert [entry.decision.reason for entry in made] == ["invited", "same_transaction"]


def test_a_held_customer_says_what_is_on_record(
    session: Session, company: workspaces.Workspace, time: FixedClock
) -> None:
    given = {"channel": "email", "given": True, "at": None, "text_version": "1", "source": "shop"}
    subjects.record_consent(session, company.workspace_id, "cu_yes", given, time())
    subjects.opt_out(session, company.workspace_id, "cu_no", time())
    held = subjects.hold(session, company.workspace_id, ["cu_yes", "cu_no", "cu_new"], time())
    assert {name: subjects.consented(row) for name, row in held.items() if row.consents} == {
        "cu_yes": {"email"}
    }
    assert [name for name, row in held.items() if row.opted_out_at] == ["cu_no"]


def test_of_erased_customers_only_rows_made_just_now_are_forgotten(
    session: Session, company: workspaces.Workspace, time: FixedClock
) -> None:
    workspace_id = company.workspace_id
    subjects.hold(session, workspace_id, ["cu_old"], time())
    time.move(seconds=1)
    subjects.opt_out(session, workspace_id, "cu_no", time())
    names = {"cu_old", "cu_no", "cu_new"}
    held = subjects.hold(session, workspace_id, names, time())
    subjects.let_go(session, workspace_id, held, names, time())
    left = [name for name in sorted(names) if subjects.find(session, workspace_id, name)]
    assert (left, held) == (["cu_no", "cu_old"], {})
