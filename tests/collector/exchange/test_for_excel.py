"""``?for=excel``: a spreadsheet opens the file by a double click, with the marks of the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from browsers import PASSWORD, sign_in
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import workspaces

CARDS = "id,place,score,text,at\n1,ward,5,Schön,2026-10-01\n"
EXPORTS = ("responses", "pages", "insights", "signals", "topics")


@pytest.mark.parametrize(("language", "delimiter"), [("en", ","), ("de", ";"), ("fr", ";")])
def test_a_file_has_the_marks_of_the_companys_language(
    client: FlaskClient,
    session: Session,
    clinic: Any,
    keys: Any,
    import_text: Any,
    language: str,
    delimiter: str,
) -> None:
    import_text(CARDS)
    clinic.locale = language
    session.commit()
    answer = client.get("/api/v1/exports/responses.csv?for=excel", headers=keys["admin"])
    text = answer.get_data().decode()
    header, row = text.splitlines()
    assert header.startswith(f"\ufeffresponse_id{delimiter}occurred_at{delimiter}")
    assert f"{delimiter}Schön{delimiter}" in row


def test_a_person_gets_those_of_their_own(app: Any, session: Session, clinic: Any, time: Any) -> None:
    person = workspaces.add_person(
        session, clinic.workspace_id, "karla@example.com", "Karla", PASSWORD, time(), role="administrator"
    )
    person.locale = "de"
    session.commit()
    browser = sign_in(app, "karla@example.com")
    for name in EXPORTS:
        text = browser.get(f"/api/v1/exports/{name}.csv?for=excel").get_data().decode()
        assert text.startswith("\ufeff"), name
        assert ";" in text.splitlines()[0], name
        assert not browser.get(f"/api/v1/exports/{name}.csv").get_data().decode().startswith("\ufeff")


def test_another_reader_is_refused(client: FlaskClient, clinic: Any, keys: Any) -> None:
    assert client.get("/api/v1/exports/responses.csv?for=word", headers=keys["admin"]).status_code == 422
