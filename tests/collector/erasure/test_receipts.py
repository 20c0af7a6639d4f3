"""A receipt says in words whatever can go."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsers import PASSWORD, sign_in
from flask import Flask
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.erasure import receipts
from collector.erasure.actions import ROUTE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_has_its_words(
    language: str, app: Flask, session: Session, workspace: Any, time: clock.FixedClock
) -> None:
    workspace_id = workspace.workspace_id
    workspaces.add_person(
        session, workspace_id, "ada@example.com", "Ada", PASSWORD, time(), role="administrator"
    )
    receipts.receipt(session, workspace_id, dict.fromkeys(ROUTE, 1), "Ada", time())
    session.commit()
    page = sign_in(app, "ada@example.com").get("/erasures", headers={"Accept-Language": language}).text
    told = re.findall(r"<li><span>(.*?)</span><strong>1</strong>", page)
    assert len(set(told)) == len(ROUTE)
    assert not set(told) & {name for name in ROUTE if "_" in name}
