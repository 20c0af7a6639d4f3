"""What a process has imported stays until it ends: nobody waits while it is searched for circles."""

from __future__ import annotations

import gc
import subprocess
import sys
from types import SimpleNamespace

from flask import Flask

from collector.config import Config
from collector.service.server import Server

MANY = 100_000
"""Objects that the product's modules are made of, and more."""
ENDS = f"""
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > {MANY}))  # what is registered first comes last
from collector.cli import main
main(["--version"])
"""


def test_a_command_ends_without_a_search() -> None:
    done = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("True\n")


def test_a_server_searches_only_what_requests_make(app: Flask, config: Config) -> None:
    gc.unfreeze()
    start(app, config)
    assert gc.get_freeze_count() > MANY


def test_a_call_of_many_triggers_is_not_searched_while_it_is_decided(
    app: Flask, config: Config, keys: dict[str, dict[str, str]]
) -> None:
    searched: list[str] = []

    def hear(phase: str, _said: object) -> None:
        searched.append(phase)

    given = [
        {"touchpoint": "order-confirmed", "customer": f"c-{n}", "transaction": f"t-{n}"} for n in range(200)
    ]
    calls = [{"triggers": given[:100]}, {"triggers": given[100:]}]
    before, client = gc.get_threshold(), app.test_client()
    try:
        start(app, config)
        assert client.post("/api/v1/triggers", json=calls[0], headers=keys["server"]).status_code == 200
        gc.collect()
        gc.callbacks.append(hear)
        assert client.post("/api/v1/triggers", json=calls[1], headers=keys["server"]).status_code == 200
        gc.callbacks.remove(hear)
    finally:
        gc.set_threshold(*before)
    assert searched == []


def start(app: Flask, config: Config) -> None:
    Server(config, "127.0.0.1:0", embedded=False)._after_start(SimpleNamespace(wsgi=app, at_once=0))
