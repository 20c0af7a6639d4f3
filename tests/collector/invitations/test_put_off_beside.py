"""What is put off, beside what else happens to it: its customer erased, its connection lost, a backup put back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import own_postgresql
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, exc, select, text
from sqlalchemy.orm import Session

from collector import backups, clock, db, erasure, invitations, workspaces


@pytest.fixture
def token(trigger: Any, set_policy: Any) -> str:
    """The link of somebody who may put the question off for two days."""
    set_policy(remind_later=2)
    return str(trigger(customer="c-1", transaction="order-1")["invitation"]["token"])


def later(client: FlaskClient, token: str) -> int:
    return client.post("/w/v1/events", json={"token": token, "event": "later"}).status_code


def asked(client: FlaskClient, token: str) -> int:
    return client.get("/w/v1/survey", query_string={"token": token}).status_code


def test_whoever_is_erased_meanwhile_is_not_reminded(
    client: FlaskClient, token: str, session: Session, company: workspaces.Workspace, time: clock.FixedClock
) -> None:
    assert later(client, token) == 202
    pseudonym = workspaces.pseudonym_of(company, "c-1")
    erasure.actions.erase(session, company.workspace_id, pseudonym, time.move(days=1))
    session.commit()
    assert asked(client, token) == 410
    later(client, token)  # from a tab that is still open
    time.move(days=2)
    assert asked(client, token) == 410
    assert session.scalars(select(invitations.Invitation)).all() == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_dies_in_the_middle_has_put_nothing_off_and_a_retry_does(
    client: FlaskClient, token: str, session: Session, engine: Engine, time: clock.FixedClock
) -> None:
    session.rollback()
    with db.make_sessions(engine)() as own:
        invitations.note(own, token, "later", time())
        backend = own.scalar(text("SELECT pg_backend_pid()"))
        session.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
        session.commit()
        with pytest.raises(exc.DBAPIError):
            own.commit()
    assert session.scalars(select(invitations.Invitation.later_at)).one() is None
    session.rollback()
    assert asked(client, token) == 200
    assert (later(client, token), asked(client, token)) == (202, 204)


def test_it_comes_back_with_a_backup(
    client: FlaskClient,
    token: str,
    database_url: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    time: clock.FixedClock,
) -> None:
    assert later(client, token) == 202
    monkeypatch.setenv("PATH", str(own_postgresql.tools()), prepend=":")
    backups.back_up(database_url, tmp_path / "a.backup", time())

    def until(url: str) -> Any:
        backups.restore(tmp_path / "a.backup", url, time())
        engine = create_engine(url)
        with Session(engine) as restored:
            found = restored.scalars(select(invitations.Invitation)).one()
            kept = found.later_at, found.not_before
        engine.dispose()
        return kept

    expected = time(), time() + timedelta(days=2)
    if database_url.startswith("sqlite"):
        assert until(f"sqlite:///{tmp_path}/restored.db") == expected
    else:
        with own_postgresql.beside(request.getfixturevalue("postgresql_server"), "restored") as url:
            assert until(url) == expected
