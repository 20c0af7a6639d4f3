"""`afterword-outbox`: what waits and what was refused, over all files of a folder and over a relay's table."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from afterword import AsyncClient, Client
from afterword.operating.command import main

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, sink: Any, api_key: str) -> None:
    monkeypatch.setenv("AFTERWORD_URL", sink.url)
    monkeypatch.setenv("AFTERWORD_API_KEY", api_key)


@pytest.fixture
def five_dead_workers(host: Start, sink: Any, tmp_path: Path) -> Path:
    """Five workers that left a refused and a waiting row each, and were killed."""
    sink.fault = refuse_then_fail
    workers = [host("worker.py", number) for number in range(5)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "1 refused\n", worker.communicate()
    for worker in workers:
        worker.kill()
        worker.wait()
    sink.fault = None
    return tmp_path


def refuse_then_fail(handler: Any, sink: Any, what: str, body: Any) -> bool:
    if body["triggers"][0]["touchpoint"] == "bad":
        return False
    handler.answer(503, {})
    return True


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = main([str(argument) for argument in arguments])
    return status, capsys.readouterr().out


@pytest.mark.parametrize("at", ["", "outbox.db"])
def test_status_sees_the_files_of_all_workers(
    at: str, five_dead_workers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = run(capsys, "status", five_dead_workers / at)
    assert status == 1
    assert out.count("1 waiting (the oldest for ") == out.count("1 refused, no process delivers") == 5
    assert run(capsys, "status", five_dead_workers / at, "--max-age", "0")[0] == 2


def test_status_speaks_json_and_prometheus(
    five_dead_workers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(run(capsys, "status", five_dead_workers, "--json")[1])["outboxes"]
    assert [(state["waiting"], state["dead"], state["owner"]) for state in said] == [(1, 1, "none")] * 5
    text = run(capsys, "status", five_dead_workers, "--prometheus")[1]
    path = five_dead_workers / "outbox.db"
    assert f'afterword_outbox_dead_letters{{outbox="{path}"}} 1\n' in text
    assert f'afterword_outbox_owned{{outbox="{path}"}} 0\n' in text
    assert text.count("# TYPE") == 5


def test_one_command_retries_and_one_drains_them_all(
    five_dead_workers: Path, sink: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = run(capsys, "dead", five_dead_workers)
    assert status == 1
    assert out.count("touchpoint: is not to the taste of this sink") == 5
    status, out = run(capsys, "retry", five_dead_workers)
    assert (status, out.count("1 dead letters: the next process, or drain, sends them")) == (0, 5)
    sink.fault = please_all
    status, out = run(capsys, "drain", five_dead_workers, "--timeout", "20")
    assert (status, out) == (0, "delivered 10, refused 0\n")
    assert len(sink.triggers) == 10
    assert run(capsys, "status", five_dead_workers)[0] == 0


def please_all(handler: Any, sink: Any, what: str, body: Any) -> bool:
    for trigger in body["triggers"]:
        trigger["touchpoint"] = "good"
    return False


def test_drain_says_when_more_is_left(
    five_dead_workers: Path, sink: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    sink.stop()
    assert run(capsys, "drain", five_dead_workers, "--timeout", "1") == (
        1,
        "delivered 0, refused 0, more is left\n",
    )


def test_export_writes_every_row_as_json(five_dead_workers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, "export", five_dead_workers)
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert sorted(row["state"] for row in rows) == ["dead"] * 5 + ["waiting"] * 5
    assert {row["body"]["touchpoint"] for row in rows} == {"bad", "order-confirmed"}


def test_a_living_process_is_asked_to_retry(
    make_client: Callable[..., Client], sink: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    wait_until: Callable[..., bool],
) -> None:  # fmt: skip
    client = make_client()
    client.trigger_survey("bad", transaction="one")
    assert client.flush()
    assert "a process delivers" in run(capsys, "status", tmp_path)[1]
    sink.fault = please_all
    assert "their process sends them within seconds" in run(capsys, "retry", tmp_path)[1]
    assert wait_until(lambda: sink.transactions() == ["one"], 15)
    assert client.dead_letters() == []


def test_one_call_reaches_the_dead_letters_of_the_living(
    make_client: Callable[..., Client], sink: Any, wait_until: Callable[..., bool]
) -> None:
    import asyncio

    clients = [make_client() for _ in range(3)]
    for number, client in enumerate(clients):
        client.trigger_survey("bad", transaction=f"t{number}")
        assert client.flush()
    sink.fault = please_all

    async def retry() -> tuple[int, int]:
        sdk = AsyncClient(clients[0])
        return len(await sdk.dead_letters()), await sdk.retry_dead_letters()

    assert asyncio.run(retry()) == (1, 1)
    assert wait_until(lambda: sorted(sink.transactions()) == ["t0", "t1", "t2"], 15)


def test_a_relays_table_is_a_place_too(
    sink: Any, api_key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from afterword.transactional.relay import Relay

    path = tmp_path / "shop.db"
    Relay(lambda: sqlite3.connect(path), sink.url, api_key=api_key).create_table()
    client = Client(sink.url, api_key=api_key, outbox=None)
    connection = sqlite3.connect(path)
    for name in ("good", "bad"):
        touchpoint = "bad" if name == "bad" else "order-confirmed"
        client.trigger_survey(touchpoint, transaction=name, session=connection)
    connection.commit()
    connection.close()
    address = f"sqlite:///{path}"
    assert run(capsys, "status", address)[1].startswith("afterword_outbox: 2 waiting (the oldest for ")
    assert run(capsys, "drain", address) == (0, "delivered 1, refused 1, waiting 0\n")
    assert run(capsys, "status", address)[0] == 1
    assert "is not to the taste" in run(capsys, "dead", address)[1]
    sink.fault = please_all
    assert run(capsys, "retry", address) == (0, "afterword_outbox: 1 dead letters: the relay sends them\n")
    assert len(run(capsys, "export", address)[1].splitlines()) == 1
    assert run(capsys, "drain", address)[0] == 0
    assert sorted(sink.transactions()) == ["bad", "good"]


@pytest.mark.parametrize("arguments", [[], ["status", "nowhere"], ["status", "--odd"], ["status", "x://y"]])
def test_misuse_is_status_three(arguments: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "afterword.operating.command", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "afterword-outbox" in done.stderr
    assert "Traceback" not in done.stderr
