"""Every wait for the database has an end, and what passes is answered by a 503 that says when to try again."""

from __future__ import annotations

import os
import time as wall
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from collector import patience


def test_a_lock_held_by_another_ends_in_a_503(
    trigger: Callable[..., Any], answer: Callable[..., Any], engine: Engine
) -> None:  # fmt: skip
    if engine.dialect.name != "postgresql":
        return
    token = trigger()["invitation"]["token"]
    holder = create_engine(engine.url)
    with holder.connect() as holding:
        holding.execute(text("LOCK TABLE response IN ACCESS EXCLUSIVE MODE"))
        began = wall.monotonic()
        refused = answer(token, score=9)
        assert wall.monotonic() - began < patience.REQUEST  # the lock's own, shorter end came first
    holder.dispose()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert answer(token, score=9).status_code == 201


def test_a_server_that_says_nothing_is_left(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    token = patience.patience.set(0.3)
    try:
        with engine.connect() as connection, pytest.raises(Exception, match="did not answer in time"):
            connection.execute(text("SELECT pg_sleep(5)"))
    finally:
        patience.patience.reset(token)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_a_replaced_file_takes_no_more_answers(
    trigger: Callable[..., Any], answer: Callable[..., Any], engine: Engine
) -> None:
    if engine.dialect.name != "sqlite":
        return
    token = trigger()["invitation"]["token"]
    path = Path(str(engine.url.database))
    kept = path.with_suffix(".kept")
    os.rename(path, kept)
    assert answer(token, score=9).status_code == 503
    path.write_bytes(kept.read_bytes())
    assert answer(token, score=9).status_code == 503
    path.unlink()
    os.rename(kept, path)
    assert answer(token, score=9).status_code == 201
