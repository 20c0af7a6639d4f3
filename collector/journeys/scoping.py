"""Holds what a session reads to the scope of its caller: one place for all pages, calls, files and keys.

A table whose rows tell of customers is a ``db.AtTouchpoint`` and knows which of its rows lie at given touchpoints. A
statement that gives out such rows, or a column that says who somebody is or what they said, finds those in scope only;
of what is ``db.Owned`` by departments, any statement does. What merely counts customers is a figure: it finds all,
unless the workspace keeps figures to neighbours or to one's own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from collector import errors, revisions
from collector.db import AtTouchpoint, Owned, Touchpoints
from collector.journeys import lookups
from collector.journeys.models import TouchpointOwner
from collector.workspaces import sight

OF_CUSTOMERS = ("customer", "transaction", "journey_instance", "instance", "instance_id")
OF_WORDS = ("answers", "attributes", "context", "consents", "columns", "value")
TELLING = frozenset([*OF_CUSTOMERS, *OF_WORDS])
"""Columns that say who somebody is, or what they said or did."""
COUNTED = "only_counted"
"""The execution option of a statement whose rows are read one by one, and only to be counted: a figure all the same."""

SCOPES = 1024
"""The scopes whose conditions a process remembers: to write them anew for each statement costs more than most of them."""


@event.listens_for(Session, "do_orm_execute")
def hold_to_scope(state: ORMExecuteState) -> None:
    """Before each statement of any session: see above."""
    seen = sight.of(state.session)
    if seen.is_all or not state.is_select or state.is_column_load:
        return
    tells = not state.execution_options.get(COUNTED) and any(
        _tells(each) for each in _columns(state.statement)
    )
    mine = tuple(sorted(seen.scope.owners or ()))
    criteria = _of_departments(mine)
    if tells or not seen.sees_all_figures:
        if seen.figures == "neighbours" and not tells:
            criteria += _at(_beside(state.session, seen))
        else:
            criteria += _at_own(seen.workspace_id, mine)
    state.statement = state.statement.options(*criteria)


def tables() -> list[type[AtTouchpoint]]:
    """The tables that tell of customers."""
    mapped = (
        mapper.class_ for mapper in AtTouchpoint.registry.mappers
    )  # whatever abstract table they share columns by
    return [table for table in mapped if issubclass(table, AtTouchpoint)]


def owned() -> list[type[Owned]]:
    """The tables whose rows are departments' own."""
    return Owned.__subclasses__()


def outside(session: Session, touchpoints: Iterable[str]) -> list[str]:
    """Those of some touchpoints that are not in the scope a session is kept to."""
    seen = sight.of(session)
    if seen.workspace_id is None or seen.is_all:
        return []
    owners = lookups.owners_of_all(session, seen.workspace_id)
    return sorted(each for each in set(touchpoints) if not seen.scope.covers(owners.get(each, ())))


def demand(session: Session, touchpoints: Iterable[str]) -> None:
    """Raises 403 where one of these touchpoints is not in scope."""
    strange = outside(session, touchpoints)
    if strange:
        raise errors.NotAllowed(f"This is not in your scope: {', '.join(strange)}.", "out_of_scope")


def demand_journey(session: Session, workspace_id: uuid.UUID, key: str) -> None:
    """Raises 403 where no touchpoint of a journey is in scope."""
    touchpoints = {at for _step, at in lookups.asking_plans(session, workspace_id).get(key, (None, []))[1]}
    if not touchpoints or set(outside(session, touchpoints)) == touchpoints:
        demand(session, touchpoints or {key})


def demand_everything(session: Session) -> None:
    """Raises 403 where there is any scope: of what reaches into every department's data."""
    if not sight.of(session).is_all:
        raise errors.NotAllowed("This reaches beyond any scope; it takes one of everything.", "out_of_scope")


def demand_all_figures(session: Session) -> None:
    """Raises 403 where somebody sees only the figures of a part: of what makes sense as a whole alone."""
    if not sight.of(session).sees_all_figures:
        raise errors.NotAllowed("This tells of the whole journey, and you see a part of it.", "out_of_scope")


def _columns(statement: Any) -> Iterator[dict[str, Any]]:
    for part in getattr(statement, "selects", [statement]):  # those of a UNION, else the statement itself
        yield from _columns(part) if part is not statement else part.column_descriptions


def _tells(described: dict[str, Any]) -> bool:
    """Whether a column of a statement is a customer's row, or says who or what."""
    kind = described.get("type")
    if isinstance(kind, type) and issubclass(kind, AtTouchpoint):
        return True
    names = (described["name"], str(getattr(described["expr"], "key", "")))
    return any(name in TELLING or name.startswith(("comment", "address")) for name in names)


@lru_cache(SCOPES)
def _of_departments(mine: tuple[str, ...]) -> tuple[ORMOption, ...]:
    """Finds of what is departments' own what is theirs."""
    return tuple(with_loader_criteria(table, table.owned_by(mine), include_aliases=True) for table in owned())


@lru_cache(SCOPES)
def _at_own(workspace_id: uuid.UUID | None, mine: tuple[str, ...]) -> tuple[ORMOption, ...]:
    """Finds of what tells of customers what lies at the touchpoints that the stakeholders of a scope own."""
    table = TouchpointOwner.__table__.alias("owned").c
    theirs = (table.workspace_id == workspace_id, table.stakeholder.in_(mine))
    return _at(select(table.touchpoint).where(*theirs))


def _at(within: Touchpoints) -> tuple[ORMOption, ...]:
    return tuple(
        with_loader_criteria(table, table.within(within), include_aliases=True) for table in tables()
    )


def _beside(session: Session, seen: sight.Sight) -> Touchpoints:
    """One's own touchpoints and those that come right before or after one of them on a journey."""
    workspace_id = seen.workspace_id
    assert workspace_id is not None, "a scope is one of a workspace"

    def load() -> list[str]:
        owners = lookups.owners_of_all(session, workspace_id)
        mine = {key for key, of in owners.items() if seen.scope.covers(of)}
        found = set(mine)
        for _plan, stops in lookups.asking_plans(session, workspace_id).values():
            for (_one, before), (_other, after) in pairwise(stops):
                if before in mine or after in mine:
                    found |= {before, after}
        return sorted(found)

    with sight.whole(session):
        return revisions.remember(session, workspace_id, ("beside", seen.scope.owners), load)
