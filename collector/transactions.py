"""The transactions of a request: opened on first use, committed after the view has answered well, before the answer leaves.

So 2xx means durable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar, cast

import structlog
from flask import Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from collector import db, places

log = structlog.get_logger("collector.web")
Made = TypeVar("Made")


def session(writes: bool | None = None) -> Session:
    """The session of this request; committed when the view has answered well.

    ``writes`` says so where the method does not (a GET that stores something).
    """
    if "session" not in g:
        g.session = current_app.extensions["afterword_sessions"]()
        if not (_writes() if writes is None else writes):
            db.read_only(g.session)
        for work in g.get("with_session", ()):
            work(g.session)
    return cast(Session, g.session)


def apart(work: Callable[[Session], Made], writes: bool | None = None) -> Made:
    """What this comes to with this request's session, committed, and in a thread of its own where others would wait for it.

    Whoever goes on after that holds nothing that somebody else could wait for.
    """

    def done() -> Made:
        own = session(writes)
        try:
            made = work(own)
            own.commit()
        except BaseException:
            own.rollback()
            raise
        return made

    end_look()
    return places.apart(done)


def with_session(work: Callable[[Session], object]) -> None:
    """Do this to the session of this request: now where it is open, else when it is opened, which may be never."""
    g.setdefault("with_session", []).append(work)
    if "session" in g:
        work(g.session)


def reader() -> Session:
    """A session of this request that only looks: it waits for no writer, and at the end there is nothing to commit."""
    if "reader" not in g:
        g.reader = current_app.extensions["afterword_readers"]()
    return cast(Session, g.reader)


def looking() -> Session:
    """The session in which the caller is looked for: the request's own, or a reader where the view looks first.

    Most callers are known already, and then a reader takes no connection at all.
    """
    return reader() if _looks_first() else session()


def end_look() -> None:
    """Give the reader's connection back, where what was found must be looked at again by who may write."""
    if "reader" in g:
        g.reader.close()


def _writes() -> bool:
    return request.method not in {"GET", "HEAD"}


def _looks_first() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "looks_first", False)


def aside(work: Callable[[Session], object]) -> None:
    """Do a small thing now, in a transaction of its own: what a GET must have noted before it gives something away."""
    with current_app.extensions["afterword_sessions"].begin() as own:
        work(own)


def afterwards(work: Callable[[Session], object]) -> None:
    """Do a small thing in a transaction of its own once the request's is over, whether it ended well or not."""
    g.setdefault("afterwards", []).append(work)


def commit(response: Response) -> Response:
    if "session" in g and g.session.in_transaction():
        if response.status_code < 400:
            g.session.commit()
        else:
            g.session.rollback()
    if "afterwards" in g:
        end_look()
    for work in g.pop("afterwards", ()):
        places.apart(partial(_do_afterwards, work))
    return response


def _do_afterwards(work: Callable[[Session], object]) -> None:
    try:
        with current_app.extensions["afterword_sessions"].begin() as own:
            work(own)
    except (SQLAlchemyError, db.FileReplaced, db.NoTurn) as error:  # the answer stands all the same
        log.warning("not_noted_afterwards", error=type(error).__name__)


def close(_error: BaseException | None) -> None:
    end_look()
    if (opened := g.pop("session", None)) is not None and opened.in_transaction():
        opened.close()
