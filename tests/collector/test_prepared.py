"""Statements straight to the driver: the same rows, types and errors that SQLAlchemy's own execution gives."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, event, select
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from sqlalchemy.orm import Session

from collector import prepared
from collector.surveys import MetricSeries

TABLE: Any = MetricSeries.__table__
INSERT = TABLE.insert()
NAMED = bindparam("at", type_=TABLE.c.follows.type)
BY_SURVEY = select(TABLE).where(TABLE.c.survey == bindparam("at")).order_by(TABLE.c.started_at)


@pytest.fixture
def rows(session: Session, workspace: Any) -> list[dict[str, Any]]:
    """Two series as they are stored: ids, a moment, a list, nothing."""
    return [
        {
            "workspace_id": workspace.workspace_id,
            "series_id": uuid.UUID(int=number),
            "survey": "order",
            "metric": "nps",
            "fingerprint": str(number) * 64,
            "started_at": datetime(2026, 11, number, 10, 30, tzinfo=UTC),
            "follows": None,
            "broken_by": ["wording", "ä"],
        }
        for number in (1, 2)
    ]


def test_what_goes_in_comes_out_as_sqlalchemy_gives_it(session: Session, rows: Any) -> None:
    assert prepared.send(session, INSERT, rows) == []
    found = prepared.send(session, BY_SURVEY, [{"at": "order"}])
    assert [row._asdict() for row in found] == [
        dict(row) for row in session.execute(BY_SURVEY, {"at": "order"}).mappings()
    ]
    assert [row.started_at for row in found] == [row["started_at"] for row in rows]
    assert found[0].broken_by == ["wording", "ä"]
    assert found[0].series_id == uuid.UUID(int=1)


def test_a_value_that_stands_in_the_statement_is_sent_along(session: Session, rows: Any) -> None:
    prepared.send(session, INSERT, rows)
    assert len(prepared.send(session, BY_SURVEY.limit(1), [{"at": "order"}])) == 1


def test_what_the_database_refuses_is_said_as_sqlalchemy_says_it(session: Session, rows: Any) -> None:
    prepared.send(session, INSERT, rows)
    with pytest.raises(IntegrityError):
        prepared.send(session, INSERT, rows)
    session.rollback()
    assert prepared.send(session, BY_SURVEY, [{"at": "order"}]) == []


@pytest.mark.parametrize("given", [{}, {"a": "order"}, {"at ": None}, {"AT": "order"}])
def test_what_is_wanted_and_not_given_is_named_and_nothing_is_sent(
    session: Session, rows: Any, given: dict[str, Any]
) -> None:
    prepared.send(session, INSERT, rows)
    with pytest.raises(KeyError, match="not given: at "):
        prepared.send(session, BY_SURVEY, [given])
    with pytest.raises(KeyError, match="not given: at "):
        prepared.counts(session, TABLE.delete().where(TABLE.c.follows.is_not_distinct_from(NAMED)), [given])
    assert len(prepared.send(session, BY_SURVEY, [{"at": "order"}])) == 2


def test_nothing_is_sent_as_nothing_where_it_is_given(session: Session, rows: Any) -> None:
    prepared.send(session, INSERT, rows)
    of_none = select(TABLE).where(TABLE.c.follows.is_not_distinct_from(NAMED))
    assert len(prepared.send(session, of_none, [{"at": None}])) == 2
    by_default = bindparam("at", None, type_=TABLE.c.follows.type)
    of_default = select(TABLE).where(TABLE.c.follows.is_not_distinct_from(by_default))
    assert len(prepared.send(session, of_default, [{}])) == 2


def test_a_column_that_is_misspelt_is_named_and_nothing_is_left_out(session: Session, rows: Any) -> None:
    """``follows`` may be empty, so the database would take a row without it."""
    wrong = [{**{name: said for name, said in row.items() if name != "follows"}, "folows": row["series_id"]} for row in rows]  # fmt: skip
    with pytest.raises(KeyError, match="not known: folows"):
        prepared.send(session, INSERT, wrong)
    with pytest.raises(KeyError, match="follows"):
        prepared.send(session, INSERT, [rows[0], wrong[1]])
    with pytest.raises(KeyError, match="not known: folows"):
        prepared.send(session, INSERT, [rows[0], rows[1] | {"folows": rows[1]["series_id"]}])
    changed = TABLE.update().where(TABLE.c.series_id == bindparam("of")).values(metric=bindparam("to"))
    with pytest.raises(KeyError, match="not given: to; not known: metric"):
        prepared.counts(session, changed, [{"of": rows[0]["series_id"], "metric": "csat"}])
    assert prepared.send(session, BY_SURVEY, [{"at": "order"}]) == []


def test_what_is_found_by_more_than_is_asked_for_is_found(session: Session, rows: Any) -> None:
    """Several statements may be given the same names."""
    prepared.send(session, INSERT, rows)
    assert len(prepared.send(session, BY_SURVEY, [{"at": "order", "more": 1}])) == 2


def test_how_many_rows_were_written_is_counted(session: Session, rows: Any) -> None:
    prepared.send(session, INSERT, rows[:1])
    changed = TABLE.update().where(TABLE.c.series_id == bindparam("of")).values(metric=bindparam("to"))
    given = [{"of": row["series_id"], "to": "csat"} for row in rows]
    assert prepared.counts(session, changed, given) == [1, 0]


def test_nothing_goes_into_a_transaction_that_is_over(session: Session, rows: Any) -> None:
    prepared.send(session, INSERT, rows)
    session.add(MetricSeries(**rows[0]))
    with pytest.raises(IntegrityError):
        session.flush()
    with pytest.raises(PendingRollbackError):
        prepared.send(session, BY_SURVEY, [{"at": "order"}])
    session.rollback()
    assert prepared.send(session, BY_SURVEY, [{"at": "order"}]) == []


def test_who_listens_to_statements_hears_them(session: Session, rows: Any) -> None:
    heard: list[tuple[str, bool]] = []

    @event.listens_for(session.get_bind(), "before_cursor_execute")
    def hear(_connection: Any, _cursor: Any, text: str, _values: Any, _context: Any, many: bool) -> None:
        heard.append((text, many))

    prepared.send(session, INSERT, rows)
    prepared.send(session, BY_SURVEY, [{"at": "order"}])
    assert [(text.split()[0], many) for text, many in heard[-2:]] == [("INSERT", True), ("SELECT", False)]
