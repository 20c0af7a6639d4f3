"""A touchpoint's two switches, each doing what it says: asking, and the feedback form."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, journeys, workspaces


@pytest.mark.parametrize(
    ("switch", "asked", "form"), [("feedback_enabled", "disabled", 200), ("form_enabled", "invited", 204)]
)
def test_each_switch_stops_what_it_names_and_nothing_else(
    client: FlaskClient,
    session: Session,
    company: workspaces.Workspace,
    trigger: Any,
    time: clock.FixedClock,
    switch: str,
    asked: str,
    form: int,
) -> None:
    place = journeys.touchpoint(session, company.workspace_id, "order-confirmed")
    said = {switch: False}
    journeys.change(session, company.workspace_id, place, place.revision, said, "tests", time())
    key = workspaces.mint_key(session, company, "publishable", "site", time()).text
    session.commit()
    assert trigger(transaction="order-1")["reason"] == asked
    query = {"key": key, "touchpoint": "order-confirmed"}
    assert client.get("/w/v1/survey", query_string=query).status_code == form
