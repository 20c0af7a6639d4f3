"""What no rule foresaw: a value that only the database refuses, a database that is gone, a fault of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import structlog
from flask.testing import FlaskClient
from sqlalchemy import Engine, exc, text
from sqlalchemy.orm import Session

from collector import clock, db, web
from collector.config import Config
from collector.service.app import create_app


@pytest.fixture
def raising(config: Config, engine: Engine, time: clock.FixedClock) -> Callable[[BaseException], FlaskClient]:
    """A client of an app of its own, which has one route more: that raises what it is told."""
    app = create_app(config, engine, time)
    told: list[BaseException] = []

    @web.public
    def fail(token: str) -> Any:
        web.session()
        raise told[0]

    app.add_url_rule("/fail/<token>", "fail", fail)

    def with_error(error: BaseException) -> FlaskClient:
        told[:] = [error]
        return app.test_client()

    return with_error


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def _wrapped(kind: type[exc.DBAPIError], beneath: Exception) -> exc.DBAPIError:
    return kind("SELECT 1", {}, beneath)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (_wrapped(exc.DataError, psycopg.DataError("out of range")), 422),
        (OverflowError("Python int too large to convert to SQLite INTEGER"), 422),
        (exc.StatementError("m", "s", {}, OverflowError("too large")), 422),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), 422),
        (_wrapped(exc.OperationalError, psycopg.OperationalError("gone")), 503),
        (_wrapped(exc.InternalError, psycopg.errors.ReadOnlySqlTransaction("read-only")), 503),
        (_wrapped(exc.InterfaceError, psycopg.InterfaceError("closed")), 503),
        (_wrapped(exc.DatabaseError, psycopg.DatabaseError("malformed")), 503),
        (exc.TimeoutError("QueuePool limit"), 503),
        (_wrapped(exc.IntegrityError, psycopg.IntegrityError("a fault of ours")), 500),
        (_wrapped(exc.ProgrammingError, psycopg.ProgrammingError("no such column")), 500),
        (RuntimeError("a fault of ours"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_each_kind_has_its_answer_and_no_path_is_logged(
    raising: Callable[..., FlaskClient], logged: list[Any], error: BaseException, status: int
) -> None:
    answer = raising(error).get("/fail/a-living-token")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert [line["route"] for line in logged] == ["/fail/<token>"]
    assert "a-living-token" not in str(logged)


def test_what_the_database_itself_refuses_is_unstorable(session: Session) -> None:
    with pytest.raises((exc.DBAPIError, OverflowError)) as refused:
        session.execute(text("UPDATE survey SET quota = :n"), {"n": 2**70})
    assert db.is_unstorable(refused.value)


def test_no_message_of_the_database_shows_what_was_to_be_stored(session: Session) -> None:
    with pytest.raises(exc.DBAPIError) as refused:
        session.execute(text("SELECT nothing FROM nowhere WHERE x = :secret"), {"secret": "a-living-token"})
    assert "a-living-token" not in str(refused.value)
