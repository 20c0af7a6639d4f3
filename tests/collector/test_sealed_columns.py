"""A rotated secret is taken off all that it sealed: every sealed column is on the list, and can be read by the new one alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Session

from collector import clock, db, sealed_columns, sealing
from collector.communities import panels
from collector.communities.panels.models import PanelContact, PanelMember
from collector.exchange.models import Arrival, Inbound
from collector.sealed_columns import Sealed
from collector.service import worker

OLD, NEW = "the-old-secret-0123456789", "the-new-secret-0123456789"
PLAIN = b"words that nobody reads"


def test_every_column_with_a_key_name_is_on_the_list() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in db.Base.metadata.tables.values()
        if "key_name" in table.columns
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert named == {f"{each.table.__tablename__}.{each.column}" for each in worker.SEALED}


def _member(session: Session, workspace_id: uuid.UUID, now: Any) -> Any:
    panel = {"key": "testers", "name": "Testers", "consent": {"en": "May we ask you?"}}
    row = panels.actions.make(session, workspace_id, panel, "tests", now)
    consent = panels.joining.Consent("v1", now, "a form")
    joining = panels.joining.Joining(["cu_" + "m" * 24], "import", consent)
    panels.joining.join(session, row, joining, now, [OLD])
    contact = panels.contacts.Contact("ada@example.com")
    member = session.scalars(select(PanelMember)).one()
    panels.contacts.keep(session, workspace_id, member.member_id, contact, [OLD])
    return session.scalars(select(PanelContact)).one()


def _address(session: Session, workspace_id: uuid.UUID, now: Any) -> Inbound:
    at = {
        "workspace_id": workspace_id,
        "inbound_id": clock.new_id(),
        "created_by": "tests",
        "created_at": now,
    }
    row = Inbound(**at, name="T", tool="typeform", said={}, secret=b"", key_name="")
    session.add(row)
    session.flush()
    return row


def _arrival(session: Session, workspace_id: uuid.UUID, now: Any) -> Arrival:
    at = _address(session, workspace_id, now)
    row = Arrival(
        workspace_id=workspace_id, inbound_id=at.inbound_id, digest="d", state="waiting", received_at=now
    )
    session.add(row)
    session.flush()
    return row


HOLDERS: dict[type[Any], Callable[..., Any]] = {PanelContact: _member, Inbound: _address, Arrival: _arrival}


UNNAMED = [each for each in worker.SEALED if each.table.key_name.nullable]
"""What an older version has sealed without naming the key."""


@pytest.mark.parametrize(
    ("each", "named"),
    [(each, True) for each in worker.SEALED] + [(each, False) for each in UNNAMED],
    ids=lambda given: "named" if given is True else getattr(given, "column", "by an older version"),
)
def test_what_an_old_secret_sealed_is_read_by_the_new_one_alone(
    session: Session, company: Any, time: Any, each: Sealed, named: bool
) -> None:
    row = HOLDERS[each.table](session, company.workspace_id, time())
    seal = sealing.seal([OLD], each.purpose, company.workspace_id)
    setattr(row, each.column, seal.closed(PLAIN, each.bound(row)))
    row.key_name = seal.key_name if named else None
    session.flush()
    assert not sealed_columns.are_under_older(session, time(), [each], [OLD])
    assert sealed_columns.are_under_older(session, time(), [each], [NEW, OLD])
    assert sealed_columns.seal_anew(session, time(), [each], [NEW, OLD]) == 1
    assert not sealed_columns.are_under_older(session, time(), [each], [NEW, OLD])
    session.expire(row)
    new = sealing.seal([NEW], each.purpose, company.workspace_id)
    assert new.opened(getattr(row, each.column), each.bound(row)) == PLAIN


def test_what_no_secret_opens_is_marked_and_holds_nothing_up(
    session: Session, company: Any, time: Any
) -> None:
    (each,) = (each for each in worker.SEALED if each.table is Arrival)
    row = _arrival(session, company.workspace_id, time())
    row.body = b"x" * 40
    session.flush()
    assert sealed_columns.seal_anew(session, time(), [each], [NEW, OLD]) == 0
    assert not sealed_columns.are_under_older(session, time(), [each], [NEW, OLD])
    assert row.body == b"x" * 40
