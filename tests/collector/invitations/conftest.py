"""Decide triggers without HTTP, at whatever time the test says; and set the policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, invitations, surveys, workspaces
from collector.invitations import policies
from collector.invitations.schemas import TriggersIn

Send = Callable[..., Any]


@pytest.fixture
def send(session: Session, company: workspaces.Workspace, time: clock.FixedClock) -> Send:
    """``send(customer="c-1")`` triggers at the test's time, commits, and gives the entry (decision, invitation)."""

    def call(**given: Any) -> Any:
        item = {"touchpoint": "order-confirmed", "journey": "first-order", "customer": "c-1", **given}
        loaded = TriggersIn().load({"triggers": [item]})["triggers"]
        entry = invitations.trigger(session, company, loaded, time())[0]
        session.commit()
        return entry

    return call


@pytest.fixture
def set_policy(
    session: Session, company: workspaces.Workspace, time: clock.FixedClock
) -> Callable[..., None]:
    """``set_policy(all_surveys={"after_answer": 7})`` for the workspace; ``survey="order-nps"`` for that survey."""

    def call(survey: str | None = None, **document: Any) -> None:
        if survey is None:
            policies.save(session, company, document, "tests", time())
        else:
            surveys.get(session, company.workspace_id, survey).policy = document
        session.commit()

    return call


@pytest.fixture
def stored(session: Session, company: workspaces.Workspace) -> Callable[..., Any]:
    """``stored(entry)``: the invitation of an entry as the database has it now."""

    def call(entry: Any) -> Any:
        table = invitations.Invitation
        query = select(table).where(
            table.workspace_id == company.workspace_id, table.invitation_id == entry.trigger.invitation_id
        )
        return session.scalars(query, execution_options={"populate_existing": True}).first()

    return call
