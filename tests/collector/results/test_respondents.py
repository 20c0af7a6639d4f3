"""What members answered is read one by one by consent only, and never so that the others' answers can be told."""

from __future__ import annotations

from typing import Any

import pytest
from browsers import PASSWORD, sign_in
from sqlalchemy.orm import Session

from collector import workspaces
from collector.communities import panels, runs
from collector.results import respondents

MAKE = {
    "template": "csat",
    "hypotheses": [{"measure": "csat", "kind": "threshold", "value": 50}],
    "variants": [],
}
PANEL = {"key": "testers", "name": "Testers", "consent": {"en": "May we ask, and read what you say?"}, "one_by_one": True}  # fmt: skip
AGREED = {"at": "2026-10-01T09:00:00Z", "source": "order form"}


@pytest.fixture
def run(client: Any, keys: Any, company: Any, make: Any, trigger: Any, answer: Any, session: Session) -> Any:
    """``run(read=6, others=5)``: so many members have answered who may be read singly, and so many who may not."""

    def call(read: int, others: int) -> runs.StoredRun:
        def post(path: str, body: Any) -> None:
            given = client.post(f"/api/v1/{path}", json=body, headers=keys["admin"])
            assert given.status_code < 300, given.text

        post("communities", PANEL)
        for text, names in (("testers-1", range(read)), ("form-3", range(100, 100 + others))):
            if members := [{"customer": f"c-{n}", "tariff": "gold"} for n in names]:
                post("members", {"community": "testers", "consent": {**AGREED, "text": text}, "members": members})  # fmt: skip
        make(**MAKE, panel="testers")
        for number in (*range(read), *range(100, 100 + others)):
            asked = trigger(customer=f"c-{number}", transaction=f"t-{number}")
            said = {"score": 5, "comment": f"I am number {number}"}
            assert answer(asked["invitation"]["token"], complete=True, **said).status_code == 201
        return runs.get(session, company.workspace_id, "new-page")

    return call


def test_req_082_only_who_agreed_is_read_singly(run: Any, session: Session) -> None:
    found = respondents.of_run(session, run(read=3, others=5))
    assert (len(found.said), found.others, found.is_held) == (3, 5, False)
    assert {each.comment for each in found.said} == {f"I am number {n}" for n in range(3)}
    assert all(each.customer.startswith("cu_") for each in found.said)


@pytest.mark.parametrize(("read", "others", "shown"), [(6, 1, 0), (6, 4, 0), (6, 0, 6), (0, 6, 0)])
def test_the_others_cannot_be_told_from_the_whole(
    run: Any, session: Session, read: int, others: int, shown: int
) -> None:
    found = respondents.of_run(session, run(read, others))
    assert (len(found.said), found.is_held) == (shown, bool(read) and 0 < others < 5)


def test_who_leaves_is_read_no_more(run: Any, session: Session, client: Any, keys: Any) -> None:
    made = run(read=6, others=5)
    session.rollback()
    assert client.delete("/api/v1/members/c-1", headers=keys["server"]).status_code == 204
    session.rollback()
    found = respondents.of_run(session, made)
    assert (len(found.said), found.others) == (5, 6)


def test_a_run_without_a_panel_and_a_text_that_does_not_say_so_show_nobody(
    make: Any, session: Session, company: Any, client: Any, keys: Any
) -> None:
    make(**MAKE)
    run = runs.get(session, company.workspace_id, "new-page")
    assert respondents.of_run(session, run).said == ()
    session.rollback()
    client.post("/api/v1/communities", json={**PANEL, "one_by_one": False}, headers=keys["admin"])
    panel = panels.actions.get(session, company.workspace_id, "testers")
    assert [each.one_by_one for each in panels.actions.consents(session, panel)] == [False]


def test_the_page_shows_them_and_a_team_beyond_finds_none(
    run: Any, app: Any, session: Session, company: Any, time: Any
) -> None:
    run(read=5, others=6)
    for name, scope in (("sales", ["sales"]), ("operations", ["operations"])):
        email = f"{name}@example.com"
        workspaces.add_person(session, company.workspace_id, email, name, PASSWORD, time(), role="member", scope=scope)  # fmt: skip
    session.commit()
    page = sign_in(app, "sales@example.com").get("/runs/new-page/answers")
    assert page.status_code == 200
    assert "I am number 4" in page.text
    assert "I am number 100" not in page.text
    assert "6 more answers are only counted" in page.text
    assert sign_in(app, "operations@example.com").get("/runs/new-page/answers").status_code == 404


def test_the_page_tells_a_questionnaires_score_and_each_of_its_answers(
    reader: Any, session: Session, company: Any, client: Any, keys: Any, make: Any, trigger: Any, answer: Any
) -> None:
    client.post("/api/v1/communities", json=PANEL, headers=keys["admin"])
    members = [{"customer": f"c-{number}"} for number in range(5)]
    said = {"community": "testers", "consent": {**AGREED, "text": "testers-1"}, "members": members}
    client.post("/api/v1/members", json=said, headers=keys["admin"])
    threshold = {"measure": "sus", "kind": "threshold", "value": 50}
    make(template="sus", variants=[], panel="testers", hypotheses=[threshold])
    for number in range(5):
        token = trigger(customer=f"c-{number}")["invitation"]["token"]
        answer(token, complete=True, **{f"item{at}": 5 if at % 2 else 1 for at in range(1, 10)}, item10=2)
    made = runs.get(session, company.workspace_id, "new-page")
    found = respondents.of_run(session, made)
    assert [each.figures for each in found.said] == [{"sus": 97.5}] * 5
    assert respondents.told(session, made, found.said[0], "en")[0][1] == "5 Strongly agree"
    session.rollback()
    page = reader.get("/runs/new-page/answers").text
    assert page.count("97.5") == 5
    assert page.count("<strong>2</strong>") == 5
