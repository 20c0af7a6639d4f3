"""The rule table: every case of rules.yaml is decided as it says, with its reason and the exact next time."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from collector.contact.policy import Policy, resolve
from collector.contact.schemas import SurveyPolicySchema, WorkspacePolicySchema
from collector.invitations.clocks import Contact, History
from collector.invitations.eligibility import Facts, Verdict, decide
from collector.surveys.running import Standing

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_req_061_it_decides_as_the_table_says(case: dict[str, Any]) -> None:
    expected = case["expect"]
    verdict = decide(facts_of(case), policy_of(case), NOW)
    assert verdict.reason == expected["reason"]
    assert verdict.is_invite == (expected["reason"] in {"invited", "scheduled"})
    if "next" in expected:
        assert verdict.next_eligible_at == next_of(expected["next"])
    assert verdict.is_invite or verdict.rule


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_next_time_is_the_first_one(case: dict[str, Any]) -> None:
    facts, policy = facts_of(case), policy_of(case)
    verdict = decide(facts, policy, NOW)
    if verdict.next_eligible_at is not None:
        assert not decide(facts, policy, verdict.next_eligible_at - timedelta(microseconds=1)).is_invite
        assert decide(facts, policy, verdict.next_eligible_at).is_invite


def test_the_table_is_large_enough_and_says_nothing_twice() -> None:
    assert len(CASES) >= 25
    assert len({case["case"] for case in CASES}) == len(CASES)
    assert {case["expect"]["reason"] for case in CASES} >= {
        "opted_out", "no_consent", "disabled", "unknown_touchpoint", "no_survey", "not_eligible", "quota", "cancelled",
        "same_transaction", "same_journey_instance", "quarantine", "cap", "sampled_out", "invited", "scheduled",
    }  # fmt: skip


def test_the_same_facts_say_the_same() -> None:
    answers: list[Verdict] = [decide(facts_of(case), policy_of(case), NOW) for case in CASES]
    assert answers == [decide(facts_of(case), policy_of(case), NOW) for case in reversed(CASES)][::-1]


def policy_of(case: dict[str, Any]) -> Policy:
    workspace, survey = case.get("policy", {}), case.get("survey_policy", {})
    assert not WorkspacePolicySchema().validate(workspace)
    assert not SurveyPolicySchema().validate(survey)
    return resolve(workspace, survey)


def facts_of(case: dict[str, Any]) -> Facts:
    given = {"consents": [], **case.get("given", {})}
    today = {name: given.pop(name, 0) for name in ("asked_today", "survey_asked_today")}
    given["consents"] = frozenset(given["consents"])
    contacts = tuple(contact_of(*row) for row in case.get("contacts", ()))
    delay = case.get("delay_days")
    return Facts(
        survey=standing_of(case),
        history=History(contacts, counted_at=NOW, **today),
        not_before=NOW + timedelta(days=delay) if delay else None,
        **{"subject": "w:cu_1", **given},
    )


def contact_of(survey: str, days_ago: float, outcome: str, channel: str | None = None) -> Contact:
    at = NOW - timedelta(days=days_ago)
    return Contact(survey, at, at, outcome, channel)


def standing_of(case: dict[str, Any]) -> Standing | None:
    if "survey" in case and case["survey"] is None:
        return None
    given = case.get("survey", {})
    times = {
        f"{name}_at": NOW + timedelta(days=given[f"{name}_in_days"])
        for name in ("starts", "ends")
        if f"{name}_in_days" in given
    }
    return Standing("order-nps", 1, uuid.UUID(int=1), state=given.get("state", "running"), **times)


def next_of(days: float | str) -> datetime | None:
    return None if days == "none" else NOW + timedelta(days=float(days))
