"""The sample: believable, planted, declared, and the same each time."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import kpis, workspaces
from collector.demo import comments, seed, story
from collector.demo.records import Asked, Setting
from collector.demo.sample import Sample
from collector.invitations import facts
from collector.invitations.models import Decision, Invitation, Trigger
from collector.invitations.simulator import simulate
from collector.kpis.models import Rollup
from collector.locale import Speaker
from collector.responses import Response
from collector.surveys import files as survey_files
from collector.surveys.models import SurveyVersion

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
NOWHERE = Setting(
    workspace_id=uuid.UUID(int=1),
    pseudonym_key=b"0123456789abcdef",
    zone="UTC",
    surveys={
        stop.survey: Asked(stop.survey, 1, uuid.UUID(int=2), stop.metric)
        for way in story.WAYS
        for stop in (*way.stops, way.end)
        if stop.survey and stop.metric
    },
    journey_versions={way.journey: 1 for way in story.WAYS},
)


def test_the_same_seed_gives_the_same_rows() -> None:
    first, second = (Sample(NOWHERE, NOW, seed=3, scale=0.02).rows() for _ in range(2))
    assert all(one == other for one, other in itertools.zip_longest(first, second))


def test_another_seed_gives_other_rows() -> None:
    assert _answers(3) != _answers(4)


def test_nothing_lies_before_the_ninety_days_or_ahead_of_now() -> None:
    times = [
        row["occurred_at"] for name, row in Sample(NOWHERE, NOW, scale=0.05).rows() if "occurred_at" in row
    ]
    assert datetime(2026, 8, 24, tzinfo=UTC) <= min(times) < datetime(2026, 8, 25, tzinfo=UTC)
    assert NOW - timedelta(days=2) < max(times) <= NOW


def test_the_planted_stories_can_be_found() -> None:
    scores: dict[str, list[dict[str, Any]]] = {}
    for row in _answers(7, scale=0.5):
        if row["target"] == "journey":
            continue
        scores.setdefault(row["touchpoint"], []).append(row)
    handover = _satisfied(scores["order-confirmed"]) - _satisfied(scores["line-activated"])
    assert handover > 15, "Sales -> Operations"
    assert _mean(scores["hotline"]) < 3 < _mean(scores["renewal-page"]), "the pain point"
    visits = sorted(scores["technician-visit"], key=lambda row: row["occurred_at"])
    third = len(visits) // 3
    assert _mean(visits[-third:]) > _mean(visits[:third]) + 0.3, "the improving trend"
    since = NOW - timedelta(days=len(story.UPDATE))
    before = [row for row in scores[story.UPDATED] if row["occurred_at"] <= since]
    after = [row for row in scores[story.UPDATED] if row["occurred_at"] > since]
    assert _satisfied(before) > _satisfied(after) + 25, "the fall since the app's update"
    assert 0 < len(scores["fault-chat"]) < 30, "the low base"
    assert "welcome-letter" not in scores, "the silent touchpoint"


def test_a_customer_is_asked_once_per_journey_and_not_twice_in_thirty_days() -> None:
    asked: dict[str, datetime] = {}
    instances = set()
    for name, row in Sample(NOWHERE, NOW, scale=0.2).rows():
        if name == "invitation":
            assert row["journey_instance"] not in instances
            instances.add(row["journey_instance"])
            last = asked.get(row["customer"])
            assert last is None or row["created_at"] - last >= timedelta(days=story.QUARANTINE_DAYS)
            asked[row["customer"]] = row["created_at"]


def test_each_ask_counts_as_a_contact_for_the_policy() -> None:
    asks = [
        SimpleNamespace(**row)
        for name, row in Sample(NOWHERE, NOW, scale=0.05).rows()
        if name == "invitation"
    ]
    assert asks
    assert all(facts.is_contact(each) for each in asks)


def test_its_decisions_speak_as_real_ones_do() -> None:
    rows = Sample(NOWHERE, NOW, scale=0.2).rows()
    rules = {row["rule"] for name, row in rows if name == "decision" and row["rule"]}
    assert len(rules) > 4
    assert [rule for rule in rules if Speaker("de").told(rule) == rule] == []


def test_comments_do_not_repeat_dully_and_come_in_five_languages() -> None:
    said = [row["comment"] for row in _answers(7, scale=0.5) if row["comment"]]
    assert len(set(said)) > 400
    assert all("{" not in text for text in said)
    assert any("\u0600" <= text[0] <= "\u06ff" for text in said)


def test_every_theme_has_words_in_every_language() -> None:
    stops = [stop for way in story.WAYS for stop in way.stops if stop.survey]
    for theme in {stop.theme for stop in stops} | {"late", "wrong-tariff", "app-update"}:
        assert set(comments.sentences()[theme]) == set(story.LOCALES), theme


def test_the_database_holds_the_sample_counted_and_declared(
    session: Session, filled: workspaces.Workspace
) -> None:
    assert filled.settings["sample"] is True
    answered = session.scalar(select(func.count()).select_from(Response)) or 0
    assert 300 < answered < 800
    assert session.scalar(select(func.sum(Rollup.n))) == answered
    asked_at_the_end = kpis.Slice("nps", target="journey")
    figure = kpis.lines(session, filled.workspace_id, asked_at_the_end, None, "journey")
    assert {line.group for line in figure} == {way.journey for way in story.WAYS}
    along = kpis.lines(session, filled.workspace_id, kpis.Slice("csat"), None, "touchpoint")
    assert {line.group for line in along} == {
        stop.touchpoint for way in story.WAYS for stop in way.stops if stop.survey
    }
    assert not kpis.lines(session, filled.workspace_id, kpis.Slice("nps"), None, "touchpoint")


def test_every_trigger_has_its_decision_and_every_answer_its_invitation(
    session: Session, filled: workspaces.Workspace
) -> None:
    triggers = session.scalar(select(func.count()).select_from(Trigger))
    assert session.scalar(select(func.count()).select_from(Decision)) == triggers
    reasons = set(session.scalars(select(Decision.reason).distinct()))
    assert reasons == {
        "invited",
        "other_step",
        "same_journey_instance",
        "quarantine",
        "opted_out",
        "unknown_touchpoint",
    }
    answered = select(Invitation.invitation_id).where(Invitation.state == "answered")
    assert set(session.scalars(select(Response.invitation_id))) == set(session.scalars(answered))


def test_its_own_policy_asks_along_every_channel(session: Session, filled: workspaces.Workspace) -> None:
    trial = simulate(session, filled, {}, {}, 90, NOW)
    assert trial.asked
    assert "no_consent" not in {row["reason"] for row in trial.current}


def test_each_customer_is_asked_in_one_language(company: workspaces.Workspace) -> None:
    entries = survey_files.load(seed.COMPANY.read_bytes(), seed.COMPANY.name)
    named = {entry["key"]: entry["subject"] for entry in entries if entry["subject"] != seed.NAME}
    assert len(named) > 10
    for key, subject in named.items():
        assert isinstance(subject, dict), key
        assert set(subject) == set(story.LOCALES), key


def test_the_company_can_be_applied_again_and_changes_nothing(
    session: Session, company: workspaces.Workspace
) -> None:
    before = session.scalar(select(func.count()).select_from(SurveyVersion))
    seed.apply_company(session, company, NOW)
    assert session.scalar(select(func.count()).select_from(SurveyVersion)) == before


def _answers(number: int, scale: float = 0.02) -> list[dict[str, Any]]:
    rows = Sample(NOWHERE, NOW, seed=number, scale=scale).rows()
    return [row for name, row in rows if name == "response"]


def _satisfied(rows: list[dict[str, Any]]) -> float:
    return 100 * sum(row["score"] > 3 for row in rows) / len(rows)


def _mean(rows: list[dict[str, Any]]) -> float:
    return sum(row["score"] for row in rows) / len(rows)
