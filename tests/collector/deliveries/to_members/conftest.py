"""A run of a panel with two members, the calls that make it, and the jobs that ask them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import deliveries, invitations

AGREED = {"text": "form-3", "at": "2026-10-01T09:00:00Z", "source": "order form"}


RUN = {
    "key": "confirmation-2",
    "name": "New confirmation page",
    "template": "csat",
    "touchpoint": "order-confirmed",
    "journey": "first-order",
    "subject": "the page",
    "panel": "testers",
    "hypotheses": [{"measure": "csat", "kind": "threshold", "direction": "above", "value": 3.5}],
    "design": "always_valid",
}


PANEL = {"key": "testers", "name": "Testers", "consent": {"en": "May we ask?"}, "remind_after_days": 3}


@pytest.fixture
def post(client: Any, keys: Any, company: Any) -> Any:
    def call(path: str, body: Any = None) -> Any:
        answer = client.post(f"/api/v1/{path}", json=body, headers=keys["admin"])
        assert answer.status_code < 300, answer.text
        return answer.json

    return call


@pytest.fixture
def run(post: Any) -> None:
    """A running run of a panel with two members, one of whom has no address."""
    post("communities", PANEL)
    members = [
        {"customer": "c-1", "email": "ada@example.com", "locale": "de"},
        {"customer": "c-2", "plan": "fibre"},
    ]
    assert post("members", {"community": "testers", "consent": AGREED, "members": members})["joined"] == 2
    post("runs", RUN)
    post("runs/confirmation-2/start")


@pytest.fixture
def go(session: Session, config: Any, time: Any) -> Any:
    """Run the worker's three jobs until nothing is left to do now."""

    def call() -> None:
        for _ in range(10):
            session.rollback()
            done = invitations.ask_members(session, time())
            session.commit()
            done += deliveries.send_to_members(session, time(), config)
            session.commit()
            if not done + deliveries.send_due(session, time(), config):
                return
        raise AssertionError("the jobs never end")

    return call


def link_of(mail: Any, path: Any) -> str:
    text = mail.get_body(("plain",)).get_content()
    return str(path(next(word for word in text.split() if "/s/" in word).partition("?")[0]))
