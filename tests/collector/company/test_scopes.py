"""Scopes: figures for all, for neighbours or for one's own; keys with a scope; shares that show what their maker saw."""

from __future__ import annotations

from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import clock, db, errors, journeys, workspaces
from collector.db import AtTouchpoint
from collector.erasure.actions import ROUTE
from collector.responses import Response
from collector.workspaces import scopes, sight

Headers = dict[str, dict[str, str]]
TELL_NOBODY = {"pseudonym_alias", "tombstone", "unsubscribed_address"}
"""Tables with digests alone, which no page or call reads."""
TOLD_BY_WEBHOOK = {"webhook_event"}
"""Told to a webhook within its own scope, and read by who has no scope: administrators and admin keys."""

OF_THE_WHOLE_COMPANY = {"panel_member", "panel_contact", "panel_ask", "arrival"}
"""Members stand at no touchpoint, nor does what has not found its place: read by who has no scope (see the matrix of routes)."""


@pytest.fixture
def answered(trigger: Any, answer: Any, company: Any) -> Any:
    """One answer with a comment at each of the two departments."""
    for touchpoint, score in (("order-confirmed", 9), ("installed", 4)):
        asked = trigger(touchpoint=touchpoint, journey_instance=f"way-{touchpoint}")
        given = answer(
            asked["invitation"]["token"], score=score, comment=f"said at {touchpoint}", complete=True
        )
        assert given.status_code == 201, given.text
    return company


@pytest.fixture
def member(app: Flask, session: Session, answered: Any, time: clock.FixedClock) -> Browser:
    """A member of Sales."""
    workspaces.add_person(
        session, answered.workspace_id, "sam@example.com", "Sam", PASSWORD, time(), scope=["sales"]
    )
    session.commit()
    return sign_in(app, "sam@example.com")


def _seen(session: Session, company: Any, figures: str) -> Session:
    return sight.bind(session, sight.Sight(company.workspace_id, scopes.of(["sales"]), figures))


def test_every_table_that_tells_of_customers_knows_its_touchpoint() -> None:
    holds = {table for station in ROUTE.values() for table in station.HOLDS}
    bare = {table.__tablename__ for table in holds if not issubclass(table, AtTouchpoint)}
    assert bare == TELL_NOBODY | TOLD_BY_WEBHOOK | OF_THE_WHOLE_COMPANY


def test_a_session_reads_words_in_scope_and_counts_all(session: Session, answered: Any) -> None:
    _seen(session, answered, "all")
    assert session.scalars(select(Response.comment)).all() == ["said at order-confirmed"]
    assert [row.touchpoint for row in session.scalars(select(Response))] == ["order-confirmed"]
    assert session.scalar(select(func.count()).select_from(Response)) == 2
    with sight.whole(session):
        assert len(session.scalars(select(Response)).all()) == 2


def test_a_row_by_its_key_and_a_union_are_held_to_scope_too(session: Session, answered: Any) -> None:
    with sight.whole(session):
        rows = {row.touchpoint: row.response_id for row in session.scalars(select(Response))}
    session.expunge_all()
    _seen(session, answered, "all")
    assert session.get(Response, (answered.workspace_id, rows["order-confirmed"])) is not None
    assert session.get(Response, (answered.workspace_id, rows["installed"])) is None
    both = select(Response.comment).union_all(select(Response.comment))
    assert set(session.scalars(both)) == {"said at order-confirmed"}


@pytest.mark.parametrize(("figures", "n"), [("all", 2), ("neighbours", 2), ("own", 1)])
def test_whose_figures_are_seen_is_the_workspaces_choice(
    session: Session, answered: Any, figures: str, n: int
) -> None:
    _seen(session, answered, figures)
    assert session.scalar(select(func.count()).select_from(Response)) == n


def test_a_workspace_that_keeps_figures_to_ones_own_shows_no_ways(
    session: Session, answered: Any, member: Browser
) -> None:
    address = "/api/v1/kpis?metric=csat&touchpoint=installed"
    assert member.get("/journeys/first-order/paths").status_code == 200
    assert '"n":1' in member.get(address).text
    answered.settings = {**answered.settings, "figures": "own"}
    session.commit()
    assert member.get("/journeys/first-order/paths").status_code == 403
    assert '"n":1' not in member.get(address).text


def test_the_member_finds_their_comments_and_no_others(member: Browser) -> None:
    assert "said at order-confirmed" in member.get("/touchpoints/order-confirmed").text
    page = member.get("/touchpoints/installed").text
    assert "said at installed" not in page
    assert "Comments are for whoever answers for this touchpoint" in page
    assert member.get("/api/v1/exports/responses.jsonl").text.count("\n") == 1


def test_a_share_shows_what_its_maker_saw(
    client: FlaskClient, session: Session, answered: Any, member: Browser
) -> None:
    answered.settings = {**answered.settings, "figures": "own"}
    session.commit()
    made = member.post("/journeys/first-order/share", days="90", good_for="7").text
    secret = made.split("/shared/")[1].split('"')[0]
    row = session.scalars(select(db.Base.metadata.tables["share_link"].c.scope)).one()
    assert row == ["sales"]
    assert client.get(f"/shared/{secret}").status_code == 200


def test_a_server_key_of_sales_asks_for_sales_alone(
    client: FlaskClient, session: Session, answered: Any, time: clock.FixedClock
) -> None:
    made = workspaces.mint_key(session, answered, "server", "Shop", time(), scope=["sales"])
    session.commit()
    headers = {"Authorization": f"Bearer {made.text}"}
    for touchpoint, status in (("order-confirmed", 200), ("installed", 403)):
        body = {"triggers": [{"touchpoint": touchpoint, "customer": "c-9", "transaction": f"t-{touchpoint}"}]}
        assert client.post("/api/v1/triggers", json=body, headers=headers).status_code == status
    assert client.delete("/api/v1/customers/c-9", headers=headers).status_code == 403


def test_waits_count_what_another_department_asked(
    client: FlaskClient, session: Session, company: Any, trigger: Any, time: clock.FixedClock
) -> None:
    assert trigger(touchpoint="installed", customer="c-1")["decision"] == "invite"
    made = workspaces.mint_key(session, company, "server", "Shop", time(), scope=["sales"])
    session.commit()
    body = {"triggers": [{"touchpoint": "order-confirmed", "customer": "c-1", "transaction": "t-1"}]}
    answer = client.post("/api/v1/triggers", json=body, headers={"Authorization": f"Bearer {made.text}"})
    assert answer.json["decisions"][0]["decision"] == "skip"


def test_only_server_and_read_keys_have_a_scope(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    with pytest.raises(errors.BadInput):
        workspaces.mint_key(session, company, "admin", "All", time(), scope=["sales"])


def test_a_look_at_the_decisions_gives_no_link(client: FlaskClient, keys: Headers, answered: Any) -> None:
    found = client.get("/api/v1/decisions", headers=keys["read"]).json["decisions"]
    assert found
    assert all(set(row["invitation"]) == {"id", "expires_at"} for row in found)


def test_neighbours_are_the_steps_beside_ones_own(session: Session, answered: Any) -> None:
    _seen(session, answered, "neighbours")
    assert journeys.scoping.outside(session, ["installed", "order-confirmed"]) == ["installed"]
