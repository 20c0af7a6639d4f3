"""A real collector: what ``init``, ``journeys apply`` and ``surveys apply`` make, served by a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import own_postgresql
from click.testing import CliRunner

from collector.cli import main

COMPANY = """
stakeholders:
  - {key: sales, name: Sales}
  - {key: operations, name: Operations}
touchpoints:
  - {key: order-confirmed, name: Order confirmation page, channel: web, owners: [sales]}
  - {key: installed, name: Technician's visit, channel: in_person, owners: [operations]}
journeys:
  - key: first-order
    name: First order
    definition: From the wish for a line to the first working call
    customer_goal: A working line on the agreed date
    business_goal: Activated contracts
    phases:
      - name: Order
        steps:
          - {key: confirmed, name: I get my confirmation, touchpoint: order-confirmed}
      - name: Installation
        steps:
          - {key: visit, name: The technician comes, touchpoint: installed, moment_of_truth: true, expectation: 1}
surveys:
  - {key: order-nps, template: nps, touchpoint: order-confirmed, journey: first-order, mode: permanent, subject: Example Telecom}
"""
AFTERWORD = str(Path(sys.executable).with_name("afterword"))


@dataclass
class Collector:
    """A running collector and the keys that ``init`` printed."""

    url: str
    keys: dict[str, Any]
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def get(self, path: str, key: str | None = None) -> tuple[int, Any]:
        request = urllib.request.Request(self.url + path)
        if key:
            request.add_header("Authorization", f"Bearer {self.keys[key]}")
        return _open(request)

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "text/plain"}
        )
        return _open(request)


def _open(request: urllib.request.Request) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"null")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def run(environment: dict[str, str], *arguments: str, afterword: str | None = None) -> str:
    """What a command prints: in this process, or by a distribution's own script."""
    if afterword is None:
        here = CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)
        assert here.exit_code == 0, here.output
        return here.stdout
    done = subprocess.run(
        [afterword, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the collector did not come up")


def prepare(
    database_url: str, folder: Path, afterword: str | None = None, **settings: str
) -> tuple[dict[str, str], dict[str, Any]]:
    """The environment and the keys of a collector over an empty database, with the company above applied."""
    environment = {
        **os.environ, "AFTERWORD_DATABASE_URL": database_url, "AFTERWORD_SECRET_KEY": "s" * 40, **settings
    }  # fmt: skip
    keys = json.loads(run(environment, "init", "--json", afterword=afterword))
    file = folder / "company.yaml"
    file.write_text(COMPANY)
    run(environment, "journeys", "apply", str(file), afterword=afterword)
    run(environment, "surveys", "apply", str(file), afterword=afterword)
    return environment, keys


def start(
    environment: dict[str, str], keys: dict[str, Any], port: int, afterword: str = AFTERWORD, options: tuple[str, ...] = ()
) -> Collector:  # fmt: skip
    """A collector in a process of its own, ready."""
    process = subprocess.Popen([afterword, "serve", "--port", str(port), *options], env=environment)
    made = Collector(f"http://127.0.0.1:{port}", keys, environment, process)
    try:
        wait_until_ready(made.url)
    except BaseException:
        stop(made)
        raise
    return made


def stop(collector: Collector) -> None:
    collector.process.terminate()
    collector.process.wait(60)


@contextmanager
def serve(
    database_url: str, folder: Path, afterword: str | None = None, **settings: str
) -> Iterator[Collector]:
    """A running collector over an empty database, with the company above applied."""
    environment, keys = prepare(database_url, folder, afterword, **settings)
    made = start(environment, keys, free_port(), afterword or AFTERWORD)
    try:
        yield made
    finally:
        stop(made)


@contextmanager
def on(kind: str) -> Iterator[tuple[Collector, Path]]:
    """A running collector over an empty database of a kind (``sqlite``, ``postgresql``), and the folder of all that is its."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        is_file = kind == "sqlite"
        url = f"sqlite:///{folder}/served.db" if is_file else stack.enter_context(own_postgresql.running())
        yield stack.enter_context(serve(url, folder)), folder
