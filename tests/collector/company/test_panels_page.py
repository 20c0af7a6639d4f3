"""The panels' pages: make one, try a file and take it, read who is in by counts alone, invite a run's members."""

from __future__ import annotations

import io
from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import workspaces
from collector.communities.panels.models import PanelAsk, PanelMember
from collector.communities.runs import StoredRun

MADE = {
    "name": "Testers",
    "key": "testers",
    "consent_en": "May we ask you?",
    "consent_de": "Dürfen wir fragen?",
}
AGREED = {"consent_text": "form-3", "consent_at": "2026-10-01", "consent_source": "order form"}


@pytest.fixture
def editor(app: Any, session: Session, company: Any, time: Any) -> Browser:
    return someone(app, session, company, time, "editor")


def someone(app: Any, session: Session, company: Any, time: Any, role: str) -> Browser:
    email = f"{role}@example.com"
    workspaces.add_person(session, company.workspace_id, email, role, PASSWORD, time(), role=role)
    session.commit()
    return sign_in(app, email)


@pytest.fixture
def panel(editor: Any, company: Any) -> str:
    assert editor.post("/panels", **MADE).location.endswith("/panels/testers?done=made")
    return "/panels/testers"


def take(editor: Any, text: bytes, do: str, name: str = "members.csv", **said: str) -> Any:
    form = {**AGREED, "do": do, "file": (io.BytesIO(text), name), **said}
    return editor.post("/panels/testers/imports/members", **form)


def test_an_empty_company_is_told_what_comes_next(editor: Any, company: Any) -> None:
    assert "There is no panel yet. Make one below" in editor.get("/panels").text
    assert "<h1>Panels</h1>" in editor.get("/panels").text


def test_a_panel_is_made_with_its_consent_in_several_languages(editor: Any, panel: str) -> None:
    page = editor.get(panel).text
    assert "Nobody is in yet." in page
    assert "Dürfen wir fragen?" in page
    wrong = editor.post("/panels", **{**MADE, "key": "Not A Key"})
    assert (wrong.status_code, "must be 1 to 64" in wrong.text) == (422, True)
    assert (
        editor.post("/panels", **{**MADE, "consent_en": "", "consent_de": "", "key": "b"}).status_code == 422
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_tried_and_taken_whatever_its_encoding_and_delimiter(
    editor: Any, panel: str, session: Session, encoding: str
) -> None:
    text = "customer;email;Ort\nc-1;ada@example.com;Köln\nc-2;broken;Köln\nc-3;;Köln;too many\n".encode(
        encoding
    )
    tried = take(editor, text, "try").text
    assert "A trial: nothing was kept." in tried
    assert "no e-mail address: row 3" in tried
    assert "another number of columns than the header: row 4" in tried
    session.rollback()
    assert session.scalars(select(PanelMember)).all() == []
    session.rollback()
    assert "1 joined, 0 updated, 0 known before." in take(editor, text, "take").text
    assert "0 joined, 0 updated, 1 known before." in take(editor, text, "take").text
    assert session.scalars(select(PanelMember.attributes)).all() == [{"ort": "Köln"}]


def test_members_are_counted_and_never_named(editor: Any, panel: str) -> None:
    lines = [f"c-{n},ada{n}@example.com,Ada {n},{'fibre' if n else 'rare'}" for n in range(7)]
    take(editor, "\n".join(["customer,email,name,plan", *lines]).encode(), "take")
    page = editor.get(panel).text
    assert "7 members" in page
    assert "fibre" in page
    assert "fewer than 5 each" in page
    assert not any(word in page for word in ("rare", "ada1@", "Ada 1", "cu_"))


def test_a_file_that_cannot_be_read_says_so(editor: Any, panel: str) -> None:
    assert take(editor, b"", "take").status_code == 422
    assert take(editor, b"customer\nc-1\n", "take", consent_at="").text.count("no proof of consent") == 1
    assert editor.post("/panels/testers/imports/members", **AGREED).status_code == 422


def test_the_page_names_the_version_of_its_text_as_proofs_carry_it(editor: Any, panel: str) -> None:
    editor.post(f"{panel}/consent", consent_en="Weekly?")
    page = editor.get(panel).text
    assert '<option value="testers-2">' in page
    assert "<code>testers-1</code>" in page


def test_limits_and_the_next_version_of_the_text_are_saved(editor: Any, panel: str) -> None:
    assert (
        editor.post(panel, name="Inner circle", rest_days="30", joins_at="order-confirmed").status_code == 303
    )
    page = editor.get(panel).text
    assert "<h1>Inner circle</h1>" in page
    assert editor.post(panel, name="Inner circle", rest_days="9999").status_code == 422
    editor.post(f"{panel}/consent", consent_en="Weekly?")
    assert "Version 2" in editor.get(panel).text


def test_a_member_of_the_staff_reads_and_changes_nothing(
    app: Any, session: Session, company: Any, time: Any, panel: str
) -> None:
    reader = someone(app, session, company, time, "member")
    page = reader.get(panel).text
    assert "Take the members" not in page
    assert reader.post(panel, name="x").status_code == 403


def test_a_runs_members_are_invited_from_the_page(
    editor: Any, panel: str, client: Any, keys: Any, session: Session
) -> None:
    take(editor, b"customer\nc-1\nc-2\n", "take")
    run = {
        "key": "new-page",
        "name": "New page",
        "template": "csat",
        "touchpoint": "order-confirmed",
        "subject": "it",
    }
    made = client.post("/api/v1/runs", json={**run, "panel": "testers"}, headers=keys["admin"])
    assert made.status_code == 201, made.text
    assert "Start the run first" in editor.get(panel).text
    early = editor.post(f"{panel}/runs/new-page", way="link")
    assert (early.status_code, "Start it first" in early.text) == (409, True)
    run_row = session.scalars(select(StoredRun)).one()
    run_row.state = "running"
    session.commit()
    refused = editor.post(f"{panel}/runs/new-page", way="email")
    assert (refused.status_code, "not set up" in refused.text) == (409, True)
    assert editor.post(f"{panel}/runs/new-page", way="link").status_code == 303
    assert "2 waiting, 0 invited" in editor.get(panel).text
    assert len(session.scalars(select(PanelAsk)).all()) == 2
    session.rollback()
    assert editor.get(f"{panel}/runs/new-page/links.csv").text.strip() == "customer,link"
