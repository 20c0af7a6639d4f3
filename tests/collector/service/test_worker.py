"""The worker's loop: whatever a job raises is logged, counted, told, tried again later, and stops nothing else."""

from __future__ import annotations

import threading
import time as wall
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker
from statement_plans import statements_of

from collector import clock, db, deliveries, invitations, jobs
from collector.cli import main
from collector.config import Config, load
from collector.deliveries import courier
from collector.jobs import Job
from collector.service import job_notes, worker

Sessions = sessionmaker[Session]


@pytest.fixture
def config(database_url: str) -> Config:
    """As elsewhere, with a mail server (none is met)."""
    settings = {"SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "survey@example.com"}
    given = {"DATABASE_URL": database_url, "SECRET_KEY": "s" * 40, **settings}
    return load({f"AFTERWORD_{name}": value for name, value in given.items()})


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return db.make_sessions(engine)


@pytest.fixture
def running(sessions: Sessions, time: clock.FixedClock) -> Iterator[Callable[..., threading.Event]]:
    """Starts the loop with the given jobs; it is ended with the test."""
    stops: list[threading.Event] = []
    threads: list[threading.Thread] = []

    def start(*given: Job) -> threading.Event:
        stops.append(threading.Event())
        threads.append(
            threading.Thread(target=worker.run, args=(sessions, time, stops[-1], given), daemon=True)
        )
        threads[-1].start()
        return stops[-1]

    yield start
    for stop in stops:
        stop.set()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


def until(true: Callable[[], Any], seconds: float = 20) -> Any:
    end = wall.monotonic() + seconds
    while not (found := true()):
        assert wall.monotonic() < end, "not in time"
        wall.sleep(0.02)
    return found


def always(_session: Session, _now: datetime) -> bool:
    return True


class Once:
    """A job's work that is done after so many runs, some of which raise."""

    def __init__(self, raises: int = 0) -> None:
        self.runs, self.raises = 0, raises

    def __call__(self, session: Session, now: datetime) -> int:
        self.runs += 1
        if self.runs <= self.raises:
            raise KeyError("anything at all")
        return 0


@pytest.mark.parametrize("waits", [False, True])
def test_a_job_that_raises_anything_stops_no_other_and_comes_again(
    running: Callable[..., Any], sessions: Sessions, time: clock.FixedClock, waits: bool
) -> None:
    bad, good = Once(raises=2), Once()
    with structlog.testing.capture_logs() as lines:
        running(Job("bad", 0.05, bad, always, waits), Job("good", 0.05, good, always))
        until(lambda: bad.runs > 2 and good.runs > 2)
        until(lambda: _state(sessions, "bad", time()).failures == 0)
    assert [line["job"] for line in lines if line["event"] == "job_failed"] == ["bad", "bad"]
    told = _state(sessions, "bad", time())
    assert (told.failures_ever, told.error, told.lag) == (2, "KeyError", 0.0)


def _state(sessions: Sessions, name: str, now: datetime) -> jobs.State:
    with sessions() as session:
        found = {state.name: state for state in jobs.states(session, now)}
    return found.get(name) or jobs.State(name, None, None, -1, 0, None, True)


def test_the_pause_grows_and_has_an_end() -> None:
    pauses = [jobs.pause(1.0, failures, 0.5) for failures in range(30)]
    assert pauses[:4] == [1.0, 2.0, 4.0, 8.0]
    assert max(pauses) == 300.0
    assert jobs.pause(600.0, 9, 0.5) == 600.0
    assert jobs.pause(1.0, 0, 0.0) == pytest.approx(0.8)


def test_a_failing_job_is_due_later_each_time(sessions: Sessions, time: clock.FixedClock) -> None:
    turn = worker.Turn(Job("bad", 10.0, Once(raises=9), always), due=0.0)
    waits = []
    for _ in range(3):
        before = wall.monotonic()
        turn.take(sessions, time)
        waits.append(turn.due - before)
    assert [wait >= least for wait, least in zip(waits, (16, 32, 64), strict=True)] == [True] * 3


def test_a_loop_without_its_database_goes_on(time: clock.FixedClock, tmp_path: Any) -> None:
    engine = db.make_engine(f"sqlite:///{tmp_path}/nowhere/at-all.db")
    turn = worker.Turn(
        Job("any", 0.1, lambda session, _now: int(session.scalar(select(0)) or 0), always), due=0.0
    )
    turn.take(db.make_sessions(engine), time)
    assert turn.failures == 1
    engine.dispose()


def test_the_last_success_and_the_lag_are_told(
    client: FlaskClient,
    sessions: Sessions,
    time: clock.FixedClock,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = Job("count answers into rollups", 1.0, Once(raises=0), always)
    worker.Turn(job, 0.0).take(sessions, time)
    time.move(seconds=30)
    ready = client.get("/readyz").json
    assert ready["status"] == "ready"
    assert ready["jobs"][job.name] == {
        "last_success": "2026-11-02T10:00:00Z", "lag_seconds": 30.0, "failures": 0, "late": False,
    }  # fmt: skip
    time.move(seconds=60)
    worker.Turn(Job(job.name, 1.0, Once(raises=1), always), 0.0).take(sessions, time)
    told = client.get("/readyz").json["jobs"][job.name]
    assert (told["failures"], told["late"]) == (1, True)
    metrics = client.get("/metrics").text
    assert f'afterword_job_lag_seconds{{job="{job.name}"}} 90.0' in metrics
    assert f'afterword_job_failures{{job="{job.name}"}} 1.0' in metrics
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", config.database_url)
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "s" * 40)
    said = CliRunner().invoke(main, ["doctor"]).output
    assert f"--  job: {job.name}: last succeeded" in said
    assert "1 failures in a row (KeyError)" in said


def test_one_parcel_that_breaks_stops_no_other(
    client: FlaskClient, trigger: Any, keys: Any, session: Session, sessions: Sessions, config: Config,
    time: clock.FixedClock, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    consent = {"text_version": "1", "source": "form", "given_at": "2026-10-01T09:00:00Z"}
    for number in (1, 2):
        trigger(transaction=f"order-{number}")
        sent = {"transaction": f"order-{number}", "way": "email", "address": f"c{number}@example.com"}
        answer = client.post("/api/v1/deliveries", json={**sent, "consent": consent}, headers=keys["server"])
        assert answer.status_code == 201, answer.text
    good = courier.compose

    def compose(session: Session, row: deliveries.Delivery, *rest: Any) -> Any:
        if row.address == "c1@example.com":
            raise ZeroDivisionError
        return good(session, row, *rest)

    sent_to: list[str | None] = []

    def send(parcel: Any, *_rest: Any) -> None:
        sent_to.append(parcel.message.delivery.address)

    monkeypatch.setattr(courier, "compose", compose)
    monkeypatch.setattr(courier, "_send", send)
    with sessions() as claiming:
        deliveries.send_due(claiming, time(), config)
    assert sent_to == ["c2@example.com"]
    session.expire_all()
    rows = session.scalars(select(deliveries.Delivery).order_by(deliveries.Delivery.delivery_id)).all()
    assert [row.state for row in rows] == ["queued", "sent"]
    assert rows[0].run_after > time()
    assert rows[0].last_error == "the message cannot be made: ZeroDivisionError"


def test_one_due_invitation_that_breaks_stops_no_other(
    trigger: Any, session: Session, time: clock.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collector.invitations import deciding, schedule

    for number in (1, 2, 3):
        trigger(transaction=f"order-{number}", customer=f"c-{number}", delay=60)
    time.move(seconds=61)
    good = deciding.take_when_due

    def take(desk: Any, invitation: invitations.Invitation) -> None:
        if invitation.transaction == "order-2":
            raise ZeroDivisionError
        good(desk, invitation)

    monkeypatch.setattr(deciding, "take_when_due", take)
    assert schedule.open_due(session, time()) == 2
    session.commit()
    query = select(invitations.Invitation.transaction, invitations.Invitation.state)
    assert dict(session.execute(query).all()) == {
        "order-1": "open",
        "order-2": "waiting",
        "order-3": "open",
    }
    later = session.scalars(
        select(invitations.Invitation.not_before).where(invitations.Invitation.state == "waiting")
    ).one()
    assert later == time() + timedelta(minutes=15)


def test_what_went_well_is_noted_for_all_jobs_at_once(
    sessions: Sessions, engine: Engine, time: clock.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each job's first run at once, then four times a minute for all of them; a failure, and its end, at once."""
    clock_of_loop = 100.0
    monkeypatch.setattr(job_notes, "time", SimpleNamespace(monotonic=lambda: clock_of_loop))
    notes, bad = job_notes.Notes(), Once()
    turns = [worker.Turn(Job(name, 1.0, bad if name == "b" else Once(), always), 0, notes) for name in "abc"]
    writes = []
    with statements_of(engine) as sent:
        for second in range(40):
            before = _notes_in(sent)
            bad.runs, bad.raises = 0, int(second == 7)
            for turn in turns:
                turn.take(sessions, time)
            writes.append(_notes_in(sent) - before)
            time.move(seconds=1)
            clock_of_loop += 1
    assert [(second, many) for second, many in enumerate(writes) if many] == [
        (0, 3), (7, 3), (8, 1), (23, 1), (38, 1)
    ]  # fmt: skip
    lags = {name: _state(sessions, name, time()).lag for name in "abc"}
    assert all(lag is not None and lag <= 3 for lag in lags.values())
    assert [_state(sessions, name, time()).failures for name in "abc"] == [0, 0, 0]


def _notes_in(sent: list[tuple[str, Any]]) -> int:
    return sum("job_run" in statement and not statement.startswith("SELECT") for statement, _given in sent)


def test_what_could_not_be_noted_is_noted_later(
    sessions: Sessions, time: clock.FixedClock, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, nowhere = job_notes.Notes(), db.make_engine(f"sqlite:///{tmp_path}/nowhere/at-all.db")
    hourly, often = (Job(name, every, Once(), always) for name, every in (("hourly", 3600.0), ("often", 1.0)))
    notes.add(hourly, db.make_sessions(nowhere), time, None, at_once=True)
    assert _state(sessions, "hourly", time()).lag is None
    notes.add(often, sessions, time, None, at_once=True)
    assert _state(sessions, "hourly", time()).lag == 0
    nowhere.dispose()
