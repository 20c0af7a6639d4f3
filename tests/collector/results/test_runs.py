"""Runs over the API: whom they ask, what is locked, what is hidden, whose they are, and that nobody tags anything."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from collector import clock, signing, surveys, workspaces
from collector.communities import runs
from collector.invitations import Invitation
from collector.responses import Response
from tests.collector.results.conftest import RUN

AT = "/api/v1/runs/new-page"


def asked(session: Session) -> Invitation:
    [row] = session.scalars(select(Invitation))
    return row


def test_req_083_run_and_variant_stand_in_invitation_token_and_answer(
    client: Any, keys: Any, company: Any, make: Any, trigger: Any, answer: Any, session: Session
) -> None:
    make()
    token = trigger(customer="c-7", transaction="order-7")["invitation"]["token"]
    pseudonym = workspaces.pseudonym_of(company, "c-7")
    expected = runs.assigned("new-page", pseudonym, RUN["variants"])
    assert answer(token, score=5).status_code == 201
    row = asked(session)
    assert (row.run, row.variant, row.journey) == ("new-page", expected, "first-order")
    kid, secret = workspaces.signing_key(session, company.workspace_id)
    payload = signing.read_invitation(token, {kid: secret}.get, clock.FixedClock()())[1]
    assert (payload.run, payload.variant) == ("new-page", expected)
    assert (payload.touchpoint, payload.journey) == ("order-confirmed", "first-order")
    [given] = session.scalars(select(Response))
    assert (given.run, given.variant, given.survey) == ("new-page", expected, "new-page")


def test_a_run_asks_nobody_twice_and_the_permanent_survey_goes_on(
    client: Any, keys: Any, company: Any, make: Any, trigger: Any, session: Session, time: clock.FixedClock
) -> None:
    make()
    trigger(customer="c-7", transaction="order-7")
    assert trigger(customer="c-7", transaction="order-7")["reason"] == "same_transaction"
    time.move(days=60)
    assert trigger(customer="c-7", transaction="order-8")["reason"] == "invited"
    surveys_asked = session.scalars(select(Invitation.survey).order_by(Invitation.created_at)).all()
    assert surveys_asked == ["new-page", "order-nps"]


@pytest.mark.parametrize(
    ("given", "attributes", "is_in"),
    [
        ({"only": {"tariff": ["gold"]}}, {"tariff": "gold"}, True),
        ({"only": {"tariff": ["gold"]}}, {"tariff": "basic"}, False),
        ({"cells": {"attribute": "tariff", "quotas": {"gold": 5}}}, {"tariff": "gold"}, True),
        ({"cells": {"attribute": "tariff", "quotas": {"gold": 5}}}, {"tariff": "basic"}, False),
        ({"from": "2026-12-01T00:00:00Z"}, {}, False),
        ({"to": "2026-11-01T00:00:00Z"}, {}, False),
    ],
)
def test_only_its_audience_is_asked_and_the_others_as_ever(
    make: Any, trigger: Any, session: Session, given: Any, attributes: Any, is_in: bool
) -> None:
    make(**given)
    assert trigger(attributes=attributes)["reason"] == "invited"
    assert asked(session).survey == ("new-page" if is_in else "order-nps")


def test_where_there_is_no_other_survey_the_reason_is_told(make: Any, trigger: Any) -> None:
    make(touchpoint="unasked", journey=None, only={"tariff": ["gold"]})
    found = trigger(touchpoint="unasked", journey=None, attributes={"tariff": "basic"})
    assert found["reason"] == "not_in_run"
    assert found["rule"] == "the run new-page is for other values of tariff"


def test_a_draft_and_a_survey_of_no_run_ask_nobody(make: Any, trigger: Any, session: Session) -> None:
    make(start=False)
    assert trigger()["reason"] == "invited"
    assert asked(session).survey == "order-nps"


def test_a_full_cell_is_asked_no_more(
    make: Any, trigger: Any, answer: Any, client: Any, keys: Any, session: Session
) -> None:
    make(cells={"attribute": "tariff", "quotas": {"gold": 1}})
    first = trigger(attributes={"tariff": "gold"})
    answer(first["invitation"]["token"], score=5)
    cells = client.get(AT, headers=keys["read"]).json["progress"]["cells"]
    steps = {"invited": 1, "opened": 1, "started": 1, "finished": 0}
    assert [{**cell, "variants": []} for cell in cells] == [
        {"value": "gold", "answered": 1, "wanted": 1, **steps, "variants": []}
    ]
    trigger(attributes={"tariff": "gold"})
    assert sorted(session.scalars(select(Invitation.survey))) == ["new-page", "order-nps"]


def test_req_080_what_was_fixed_at_the_start_stays(client: Any, keys: Any, make: Any) -> None:
    make()
    easier = [{**RUN["hypotheses"][0], "value": 1}]
    names = ("name", "assumption", "variants", "hypotheses", "design")
    same = {name: RUN[name] for name in names}
    refused = client.put(AT, json={**same, "hypotheses": easier}, headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (409, "run_is_locked")
    assert list(refused.json["fields"]) == ["hypotheses"]
    assert "fit the answers" in refused.json["detail"]
    renamed = client.put(AT, json={**same, "name": "Newer page"}, headers=keys["admin"])
    assert renamed.json["name"] == "Newer page"
    assert client.post(f"{AT}/stop", headers=keys["admin"]).status_code == 200
    assert client.put(AT, json=same, headers=keys["admin"]).status_code == 409
    assert client.post(f"{AT}/start", headers=keys["admin"]).json["code"] == "bad_run_state"


def test_a_run_without_a_hypothesis_does_not_start(client: Any, keys: Any, make: Any) -> None:
    make(start=False, hypotheses=[])
    assert client.post(f"{AT}/start", headers=keys["admin"]).json["code"] == "no_hypothesis"


def test_the_sample_size_is_planned_where_none_is_said(make: Any) -> None:
    assert make(start=False, design="fixed")["n"] == 43


def test_one_survey_belongs_to_one_run(client: Any, keys: Any, make: Any) -> None:
    make()
    other = {**RUN, "key": "other", "template": None, "survey": "new-page"}
    refused = client.post("/api/v1/runs", json=other, headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (409, "survey_has_run")
    permanent = client.post("/api/v1/runs", json={**other, "survey": "order-nps"}, headers=keys["admin"])
    assert permanent.json["code"] == "not_of_a_community"


def test_req_081_sixty_to_forty_of_a_thousand_hides_the_result(
    client: Any, keys: Any, company: Any, make: Any, session: Session, time: clock.FixedClock
) -> None:
    make()
    _invited(session, company, time, old=600, new=400)
    found = client.get(f"{AT}/verdict", headers=keys["read"]).json
    assert (found["word"], found["outcomes"]) == ("alarm", [])
    assert found["sample_ratio"]["assigned"] == {"old": 600, "new": 400}
    assert found["sample_ratio"]["alarm"] is True


def test_an_even_thousand_alarms_nobody(
    client: Any, keys: Any, company: Any, make: Any, session: Session, time: clock.FixedClock
) -> None:
    make()
    _invited(session, company, time, old=510, new=490)
    found = client.get(f"{AT}/verdict", headers=keys["read"]).json
    assert (found["word"], found["sample_ratio"]["alarm"]) == ("hidden", False)


def _invited(session: Session, company: Any, time: clock.FixedClock, **counts: int) -> None:
    survey = surveys.known(session, company.workspace_id)["new-page"]
    common = {
        "workspace_id": company.workspace_id, "touchpoint": "order-confirmed", "survey": "new-page", "survey_version": 1,
        "series_id": survey.series_id, "run": "new-page", "state": "open", "expires_at": time(), "created_at": time(),
        "asked_at": time(),
    }  # fmt: skip
    rows = [
        {**common, "invitation_id": clock.new_id(), "customer": f"{variant}-{number}", "variant": variant}
        for variant, n in counts.items()
        for number in range(n)
    ]
    session.execute(insert(Invitation), rows)
    session.commit()


def test_assignments_tell_the_sdk_what_it_needs(client: Any, keys: Any, make: Any) -> None:
    make(sample=0.5)
    told = client.get("/api/v1/assignments", headers=keys["server"]).json["runs"]
    variants = [{"key": "old", "share": 1.0}, {"key": "new", "share": 1.0}]
    assert told == [
        {"run": "new-page", "touchpoint": "order-confirmed", "sample": 0.5, "variants": variants, "from": None, "to": None}
    ]  # fmt: skip


def test_each_step_of_a_run_is_in_the_record(client: Any, keys: Any, make: Any) -> None:
    make()
    client.post(f"{AT}/stop", headers=keys["admin"])
    told = client.get("/api/v1/changes", query_string={"noun": "run"}, headers=keys["admin"]).json["changes"]
    assert [each["verb"] for each in told] == ["concluded", "started", "created"]


def test_req_079_a_team_finds_its_own_runs_only(
    client: Any, company: Any, make: Any, session: Session, time: clock.FixedClock
) -> None:
    make()
    team = {
        name: workspaces.mint_key(session, company, "read", name, time(), "tests", [name]).text
        for name in ("sales", "operations")
    }
    session.commit()
    told = {name: {"Authorization": f"Bearer {key}"} for name, key in team.items()}
    assert client.get(AT, headers=told["sales"]).status_code == 200
    assert client.get(AT, headers=told["operations"]).status_code == 404
    assert client.get(f"{AT}/verdict", headers=told["operations"]).status_code == 404
    assert client.get("/api/v1/runs", headers=told["operations"]).json["runs"] == []
