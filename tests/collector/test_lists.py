"""A list of texts sent as one value finds what the same list finds with a place for each of them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import lists, prepared
from collector.invitations.models import Subject

TABLE: Any = Subject.__table__
AMONG = select(TABLE.c.customer).where(lists.any_of(TABLE.c.customer, "names")).order_by(TABLE.c.customer)
ODD = ["a,b", '"', "\\", '\\"', "{}", "NULL", " ", "'", "ä\u2028😀", "%s", ":x", "a\nb"]
"""Texts that stand for something else in an array's or in JSON's own words."""


@pytest.fixture
def kept(session: Session, workspace: Any) -> list[str]:
    at = datetime(2026, 11, 28, tzinfo=UTC)
    rows = [
        {"workspace_id": workspace.workspace_id, "customer": name, "consents": {}, "created_at": at}
        for name in [*ODD, "another"]
    ]
    session.execute(TABLE.insert(), rows)
    return [*ODD, "another"]


@pytest.mark.parametrize("names", [[], ["another"], ["nobody"], ODD, [*ODD, str(uuid.UUID(int=7))], ["NULL"]])
def test_it_finds_what_is_in_the_list(session: Session, kept: list[str], names: list[str]) -> None:
    found = {row.customer for row in prepared.send(session, AMONG, [{"names": names}])}
    assert found == set(kept) & set(names)
    assert found == {row.customer for row in session.execute(AMONG, {"names": names})}


def test_one_text_serves_lists_of_every_length(session: Session, kept: list[str]) -> None:
    prepared.prepare.cache_clear()
    for length in range(len(ODD)):
        assert len(prepared.send(session, AMONG, [{"names": ODD[:length]}])) == length
    assert prepared.prepare.cache_info().currsize == 1
