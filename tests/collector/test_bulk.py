"""Many rows inserted at once: the same values, conflicts and errors as when each is sent by itself."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Table, event, select
from sqlalchemy.exc import DataError, StatementError
from sqlalchemy.orm import Session

from collector import bulk, statements
from collector.invitations.models import Trigger

TABLE: Any = Trigger.__table__
EAST = timezone(timedelta(hours=5, minutes=30))
AT = datetime(2026, 11, 28, 23, 59, 59, 7, tzinfo=UTC)


def unless_taken(made: Any, table: Table) -> Any:
    return made.on_conflict_do_nothing().returning(table.c.trigger_id)


def trigger(workspace: Any, number: int, **other: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(column.key for column in TABLE.columns)
    own_id = uuid.UUID(int=number)
    attributes = {
        "product": 'fi"bre\\ \u00e4\u4f60\U0001f600',
        "n": 0.1,
        "third": 1 / 3,
        "large": 2**53 - 1,
        "yes": True,
    }
    row |= {"workspace_id": workspace.workspace_id, "trigger_id": own_id, "invitation_id": own_id}
    row |= {
        "touchpoint": "order-confirmed",
        "transaction": f"t-{number} 'x' \u2028",
        "attributes": attributes,
    }
    row |= {"cancel_on": ["refund"], "not_before": AT.astimezone(EAST), "expires_at": AT}
    return row | {"occurred_at": AT, "received_at": AT, "position": number} | other


def stored(session: Session) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(select(TABLE).order_by(TABLE.c.trigger_id)).mappings()]


def test_every_value_comes_out_as_it_went_in(session: Session, workspace: Any) -> None:
    rows = [trigger(workspace, number) for number in (1, 2, 3)]
    given = bulk.insert(session, TABLE, rows, unless_taken)
    assert [row.trigger_id for row in given] == [row["trigger_id"] for row in rows]
    assert stored(session) == rows


def test_a_row_whose_key_is_taken_is_left_alone(session: Session, workspace: Any) -> None:
    bulk.insert(session, TABLE, [trigger(workspace, 2)], unless_taken)
    given = bulk.insert(
        session, TABLE, [trigger(workspace, 2, locale="de"), trigger(workspace, 3)], unless_taken
    )
    assert [row.trigger_id.int for row in given] == [3]
    assert [row["locale"] for row in stored(session)] == [None, None]


@pytest.mark.parametrize("numbers", [[2], [3], [1, 2, 3], [4, 5], [2, 2 + 4]])
def test_what_is_new_is_told_apart(session: Session, workspace: Any, numbers: list[int]) -> None:
    bulk.insert_new(session, TABLE, [trigger(workspace, number) for number in (1, 2)])
    given = [trigger(workspace, number, locale="de") for number in numbers]
    new = bulk.insert_new(session, TABLE, given)
    assert [row["trigger_id"].int for row in new] == [number for number in numbers if number > 2]
    assert {row["trigger_id"].int for row in stored(session) if row["locale"]} == {*numbers} - {1, 2}


@pytest.mark.parametrize("numbers", [[], [3], [2], [9, 1, 8, 2, 7], [5, 4], [2, 1]])
def test_new_rows_are_given_back_in_the_order_in_which_they_came(
    session: Session, workspace: Any, numbers: list[int]
) -> None:
    bulk.insert_new(session, TABLE, [trigger(workspace, number) for number in (1, 2)])
    rows = [statements.unwatched(Trigger, **trigger(workspace, number)) for number in numbers]
    new = statements.insert_new_rows(session, rows)
    assert [row.trigger_id.int for row in new] == [number for number in numbers if number > 2]
    assert all(any(row is given for given in rows) for row in new)


def test_a_time_without_a_zone_is_refused(session: Session, workspace: Any) -> None:
    rows = [trigger(workspace, number, expires_at=AT.replace(tzinfo=None)) for number in (1, 2)]
    with pytest.raises((ValueError, StatementError)):
        bulk.insert(session, TABLE, rows, unless_taken)


def test_what_does_not_fit_its_column_is_refused_and_not_cut(session: Session, workspace: Any) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # has columns without lengths
    rows = [trigger(workspace, number, customer="x" * 28) for number in (1, 2)]
    with pytest.raises(DataError):
        bulk.insert(session, TABLE, rows, unless_taken)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_column_that_one_row_lacks_or_misspells_is_named_and_nothing_is_stored(
    session: Session, workspace: Any, count: int
) -> None:
    *rows, last = (trigger(workspace, number) for number in range(count))
    without = {name: said for name, said in last.items() if name != "locale"}
    for wrong in (last | {"localle": "de"}, without | {"localle": "de"}):
        with pytest.raises(KeyError, match=r"locale|localle"):
            bulk.insert(session, TABLE, [*rows, wrong], unless_taken)
    for known in (rows, []):
        with pytest.raises(KeyError, match="not known in trigger: localle"):
            statements.insert_new_values(session, Trigger, [*known, without | {"localle": "de"}, *known])
        made = [statements.unwatched(Trigger, **row) for row in (*known, without | {"localle": "de"})]
        with pytest.raises(KeyError, match="not known in trigger: localle"):
            statements.insert_new_rows(session, made)
    if rows:
        with pytest.raises(KeyError, match="locale"):
            bulk.insert(session, TABLE, [*rows, without], unless_taken)
    assert stored(session) == []


def test_many_rows_are_one_statement_where_a_round_trip_is_dear(session: Session, workspace: Any) -> None:
    heard: list[int] = []

    @event.listens_for(session.get_bind(), "before_cursor_execute")
    def hear(_connection: Any, _cursor: Any, _text: str, values: Any, _context: Any, _many: bool) -> None:
        heard.append(len(values))

    bulk.insert(session, TABLE, [trigger(workspace, number) for number in range(1, 51)], unless_taken)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    assert heard == [1 if is_postgresql else 50]
