"""Several people at one run's pictures at the same moment: each picture is kept, or its sender told why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.communities.runs.models import RunPicture, StoredRun
from tests.collector.results.first_click.conftest import MENU, RUN, png

TIMES = 5


def at_once(app: Flask, *calls: Callable[[Any], Any]) -> list[Any]:
    start = Barrier(len(calls))

    def run(call: Callable[[Any], Any]) -> Any:
        start.wait(timeout=30)
        return call(app.test_client())

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def sending(keys: Any, variant: str | None, raw: bytes) -> Callable[[Any], Any]:
    query = {"variant": variant} if variant else {}
    return lambda client: client.put(
        "/api/v1/runs/new-page/picture", query_string=query, data=raw, headers=keys["admin"]
    )


def test_two_variants_pictures_are_both_kept(app: Flask, make: Any, keys: Any, session: Session) -> None:
    variants = [{"key": "old"}, {"key": "new"}]
    compares = [
        {"measure": "click.hit", "kind": "difference", "value": 10, "variant": "new", "against": "old"}
    ]
    made = make(start=False, **RUN | {"variants": variants, "hypotheses": compares})
    for shade in range(TIMES):
        sent = [
            sending(keys, each["key"], png(shade=10 * shade + n)) for n, each in enumerate(made["variants"])
        ]
        assert [answer.status_code for answer in at_once(app, *sent)] == [200, 200]
        pictures = session.scalars(select(StoredRun.pictures)).one()
        assert sorted(each["variant"] for each in pictures) == ["new", "old"]
        assert {each["digest"] for each in pictures} == set(session.scalars(select(RunPicture.digest)))
        session.rollback()  # or SQLite's only writer would be this one


def test_the_same_picture_sent_twice_is_there_once(
    app: Flask, make: Any, keys: Any, session: Session
) -> None:
    make(start=False, **RUN)
    sent = at_once(app, *[sending(keys, None, png())] * 4)
    assert [answer.status_code for answer in sent] == [200] * 4
    session.rollback()
    assert len(session.scalars(select(RunPicture)).all()) == 1


def test_a_picture_comes_before_the_start_or_is_refused(
    app: Flask, make: Any, draw: Any, keys: Any, session: Session
) -> None:
    make(start=False, **RUN)
    draw()

    def start(client: Any) -> Any:
        return client.post("/api/v1/runs/new-page/start", headers=keys["admin"])

    begun, *sent = at_once(app, start, *[sending(keys, None, png(shade=n)) for n in range(3)])
    assert begun.status_code == 200
    assert set(Counter(answer.status_code for answer in sent)) <= {200, 409}
    session.rollback()
    run = session.scalars(select(StoredRun)).one()
    assert (run.state, run.pictures[0]["areas"]) == ("running", [MENU])
    assert session.scalars(select(RunPicture.digest)).all() == [run.pictures[0]["digest"]]
