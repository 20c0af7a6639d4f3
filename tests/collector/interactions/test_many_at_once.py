"""A call of many interactions is stored piece by piece: others write in between, and sent again it is whole."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from collector.interactions import Interaction, actions

MANY = 2 * actions.PIECE + 1


@pytest.fixture
def send(client: FlaskClient, keys: dict[str, dict[str, str]], company: Any) -> Callable[[list[Any]], Any]:
    return lambda rows: client.post(
        "/api/v1/interactions", json={"interactions": rows}, headers=keys["server"]
    )


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"interaction_id": str(uuid.uuid4()), "touchpoint": "installed", **more} for _ in range(count)]


def stored(session: Session) -> int:
    session.rollback()
    found = session.scalars(select(func.count()).select_from(Interaction)).one()
    session.rollback()  # a writer's turn, on SQLite
    return found


def test_others_write_between_two_pieces(
    send: Any, engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, sizes = actions.record, []

    def somebody_writes_first(session: Session, workspace: Any, items: Any, now: Any) -> Any:
        if sizes:
            with engine.begin() as other:
                other.execute(text("UPDATE workspace SET name = 'changed'"))
        sizes.append(len(items))
        return record(session, workspace, items, now)

    monkeypatch.setattr(actions, "record", somebody_writes_first)
    assert send(rows(MANY)).json == {"accepted": MANY, "duplicates": 0}
    assert sizes == [actions.PIECE, actions.PIECE, 1]
    assert stored(session) == MANY


def test_what_broke_on_its_way_is_whole_when_it_comes_again(
    send: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, pieces = rows(MANY), []
    record = actions.record

    def gone_after_the_first(*named: Any) -> Any:
        pieces.append(named)
        if len(pieces) == 2:
            raise OperationalError("planted", None, Exception("the database is gone"))
        return record(*named)

    monkeypatch.setattr(actions, "record", gone_after_the_first)
    assert send(given).status_code == 503
    assert stored(session) == actions.PIECE
    assert send(given).json == {"accepted": actions.PIECE + 1, "duplicates": actions.PIECE}
    assert stored(session) == MANY


def test_a_bad_one_at_the_end_leaves_none(send: Any, session: Session) -> None:
    given = [*rows(MANY), *rows(1, transaction="jane.doe@example.com")]
    refused = send(given)
    assert (refused.status_code, list(refused.json["fields"])) == (422, [f"interactions.{MANY}.transaction"])
    assert stored(session) == 0


def test_those_without_an_id_are_stored_as_a_whole(
    send: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    record = actions.record

    def noted(session: Session, workspace: Any, items: Any, now: Any) -> Any:
        sizes.append(len(items))
        return record(session, workspace, items, now)

    monkeypatch.setattr(actions, "record", noted)
    assert send([{"touchpoint": "installed"} for _ in range(MANY)]).json["accepted"] == MANY
    assert sizes == [MANY]
