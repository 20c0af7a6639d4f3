"""A link that is opened while its customer is being erased, before its trigger came: it is over, and nothing is kept."""

from __future__ import annotations

import time as wall
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from collector import clock, erasure, invitations, signing, workspaces
from collector.interactions import tombstones


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_answered", [False, True])
def test_an_erasure_that_is_under_way_is_waited_for(
    app: Flask, session: Session, company: workspaces.Workspace, time: clock.FixedClock, is_answered: bool
) -> None:
    customer, own = workspaces.pseudonym_of(company, "ada"), uuid.uuid4()
    key = workspaces.mint_key(session, company, "server", "shop", time())
    facts = signing.Invitation(
        own, own, "order-confirmed", time() + timedelta(days=1), journey="first-order", customer=customer
    )
    token = signing.sign_invitation(key.kid, signing.signing_secret(key.text), facts, time())
    session.commit()
    answer = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 3}}

    def follow() -> int:
        with app.test_client() as phone:
            if is_answered:
                return phone.post("/w/v1/responses", json=answer).status_code
            return phone.get("/w/v1/survey", query_string={"token": token}).status_code

    erasure.actions.erase(session, company.workspace_id, customer, time.move(seconds=1))
    with ThreadPoolExecutor(1) as pool:
        opened = pool.submit(follow)
        until = wall.monotonic() + 20
        while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert wall.monotonic() < until
            assert not opened.done(), opened.result()
        session.commit()
        assert opened.result(30) == 410
    assert tombstones.undone(session, company.workspace_id, [(tombstones.CUSTOMER, customer)])
    for table in (invitations.Invitation, invitations.Trigger, invitations.Subject):
        assert session.scalar(select(func.count()).select_from(table)) == 0
