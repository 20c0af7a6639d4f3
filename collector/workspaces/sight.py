"""What a session may read, kept in the session itself: no page, call or export can forget it.

``bind`` gives it the caller's scope; from then on every statement that gives out customers' words or doings finds only
those at the touchpoints in scope (``journeys.scoping`` sees to it). What must know all of a customer, such as whether
they may be asked, says so with ``whole``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy.orm import Session

from collector.workspaces.scopes import EVERYTHING, Scope

FIGURES = ("all", "neighbours", "own")
"""Whose figures somebody with a scope sees: the whole journey's, those next to their own too, or only their own."""
BOUND = "sight"


@dataclass(frozen=True)
class Sight:
    """A workspace, the scope within it, and which figures go with that scope.

    ``is_sealed``: what a run was told stays unread while its fixed number is collected (``communities.runs.sealing``).
    """

    workspace_id: uuid.UUID | None = None
    scope: Scope = EVERYTHING
    figures: str = "all"
    is_sealed: bool = True

    @property
    def is_all(self) -> bool:
        return self.scope.is_all

    @property
    def sees_all_figures(self) -> bool:
        return self.is_all or self.figures == "all"


EVERYWHERE = Sight()


def bind(session: Session, seen: Sight) -> Session:
    """Keep a session to what its caller may see."""
    session.info[BOUND] = seen
    return session


def of(session: Session) -> Sight:
    """What a session is kept to; everything where nothing was said."""
    return cast(Sight, session.info.get(BOUND, EVERYWHERE))


@contextmanager
def whole(session: Session) -> Iterator[None]:
    """For what follows, read everything: to decide, to count, to check; never to give it out."""
    yield from _meanwhile(session, EVERYWHERE)


@contextmanager
def own(session: Session) -> Iterator[None]:
    """For what follows, keep figures to the scope too, whatever the workspace says: for what leaves as a file."""
    yield from _meanwhile(session, replace(of(session), figures="own"))


@contextmanager
def unsealed(session: Session) -> Iterator[None]:
    """For what follows, read what runs keep sealed too, within the same scope: to write, to erase, to judge a run."""
    yield from _meanwhile(session, replace(of(session), is_sealed=False))


@contextmanager
def sealed(session: Session, workspace_id: uuid.UUID) -> Iterator[None]:
    """For what follows, read all of a workspace but what runs keep sealed: for what tells people without a caller."""
    yield from _meanwhile(session, Sight(workspace_id))


def _meanwhile(session: Session, seen: Sight) -> Iterator[None]:
    before = of(session)
    bind(session, seen)
    try:
        yield
    finally:
        bind(session, before)
