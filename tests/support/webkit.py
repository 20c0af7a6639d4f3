"""WebKit by its own driver and Debian's MiniBrowser, on a screen that nobody sees: the engine of Safari."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.window import Window

PATHS = {
    "WebDriver:Navigate": "url",
    "WebDriver:Back": "back",
    "WebDriver:ExecuteScript": "execute/sync",
    "WebDriver:PerformActions": "actions",
    "WebDriver:SetWindowRect": "window/rect",
    "WebDriver:SetTimeouts": "timeouts",
}
STARTS_WITHIN = 60.0


class WebKit(Window):
    """One window of it."""

    def __init__(self, address: str) -> None:
        self._address = f"{address}/session"
        program = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        options = {"binary": str(program), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self._address += f"/{self._post(self._address, wanted)['sessionId']}"
        self.call("WebDriver:SetTimeouts", pageLoad=60_000, script=30_000)

    def call(self, command: str, **parameters: object) -> Any:
        """Have a WebDriver command carried out and return its value; raises what WebKit says."""
        return self._post(f"{self._address}/{PATHS[command]}", parameters)

    def _post(self, address: str, body: object) -> Any:
        request = urllib.request.Request(
            address, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error


@contextmanager
def webkit() -> Iterator[WebKit]:
    """Run WebKit's driver and one window on a screen of its own."""
    assert shutil.which("WebKitWebDriver"), (
        "the browser tests need it: apt-get install webkit2gtk-driver xvfb"
    )
    port = _free_port()
    command = ["xvfb-run", "-a", "-s", "-screen 0 1280x1024x24", "WebKitWebDriver", f"--port={port}"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            _await(port)
            yield WebKit(f"http://127.0.0.1:{port}")
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _await(port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "WebKit's driver was not ready in time"
            time.sleep(0.05)
        else:
            return
