"""What is remembered per process is read anew when it has changed, by whoever changed it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from collector import clock, db, errors, revisions, workspaces


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Session]:
    """A session of another process, as it were: with an engine, and so a memory, of its own."""
    engine = db.make_engine(database_url, 1)
    with db.make_sessions(engine)() as made:
        yield made
    engine.dispose()


def test_a_revoked_key_is_seen_within_a_quarter_second(
    session: Session, elsewhere: Session, workspace: workspaces.Workspace, time: clock.FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    key = workspaces.mint_key(session, workspace, "server", "shop", time())
    session.commit()
    assert workspaces.find_key(elsewhere, key.text).kind == "server"
    elsewhere.rollback()
    workspaces.revoke_key(session, workspace.workspace_id, key.kid, time())
    session.commit()
    with pytest.raises(errors.NotAuthenticated):
        workspaces.find_key(session, key.text)
    session.rollback()
    monkeypatch.setattr(revisions, "LOOKED_AT", 0.0)
    with pytest.raises(errors.NotAuthenticated):
        workspaces.find_key(elsewhere, key.text)


def test_what_is_not_committed_is_remembered_by_nobody(
    session: Session, workspace: workspaces.Workspace
) -> None:
    known = workspaces.facts(session, workspace.workspace_id).name
    workspace.name = "Another name"
    session.flush()
    assert workspaces.facts(session, workspace.workspace_id).name == "Another name"
    session.rollback()
    assert workspaces.facts(session, workspace.workspace_id).name == known
