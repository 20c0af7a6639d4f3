"""A whole run: made, locked, asked first and once, counted by variant, judged, concluded, kept as an insight."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.invitations import Invitation

VERDICT = "/api/v1/runs/new-page/verdict"


def test_from_draft_to_insight(
    client: Any, keys: Any, company: Any, make: Any, trigger: Any, answer: Any, session: Session
) -> None:
    make(design="fixed", n=10)
    asked: Counter[str | None] = Counter()
    for number in range(40):
        decision = trigger(customer=f"c-{number}", transaction=f"t-{number}")
        assert decision["reason"] == "invited"
        token = decision["invitation"]["token"]
        if number == 0:
            assert client.get(VERDICT, headers=keys["read"]).json["outcomes"][0]["estimate"] is None
            assert client.get(f"/w/v1/survey?token={token}").json["questions"][0]["kind"] == "csat"
        variant = session.scalar(select(Invitation.variant).where(Invitation.transaction == f"t-{number}"))
        session.rollback()
        asked[variant] += 1  # as many are pleased on each side, whoever is drawn for which
        assert answer(token, complete=True, score=5 if asked[variant] % 2 else 2).status_code == 201
    run = client.get("/api/v1/runs/new-page", headers=keys["read"]).json
    assert sum(each["finished"] for each in run["progress"]["steps"]) == 40
    found = client.get(VERDICT, headers=keys["read"]).json
    assert found["outcomes"][0]["n"] == [10, 10]
    assert found["outcomes"][0]["low"] < 0 < found["outcomes"][0]["high"]
    stopped = client.post("/api/v1/runs/new-page/stop", headers=keys["admin"])
    assert stopped.json["state"] == "concluded"
    assert client.get(VERDICT, headers=keys["read"]).json == {**found, "is_final": True}
    [filed] = client.get("/api/v1/insights", headers=keys["read"]).json["insights"]
    assert filed["touchpoint"] == "order-confirmed"
    assert filed["title"].startswith("New confirmation page: ")
    assert trigger(customer="later")["reason"] == "invited"  # the permanent survey asks again
