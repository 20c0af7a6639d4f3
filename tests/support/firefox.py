"""Firefox by Marionette, the protocol it speaks of itself: length, colon, JSON on a local socket; no driver needed."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.window import Window

PREFERENCES = {
    "marionette.port": 0,  # any free one; Firefox writes it into its profile
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "extensions.update.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
STARTS_WITHIN = 60.0


class Firefox(Window):
    """One window of it."""

    def __init__(self, connection: socket.socket) -> None:
        self._stream = connection.makefile("rwb")
        self._read()  # its greeting
        self._count = 0
        self.call("WebDriver:NewSession")
        self.call("WebDriver:SetTimeouts", pageLoad=60_000, script=30_000)

    def call(self, command: str, **parameters: object) -> Any:
        """Have a command carried out and return its value; raises what Firefox says."""
        self._count += 1
        message = json.dumps([0, self._count, command, parameters]).encode()
        self._stream.write(b"%d:%b" % (len(message), message))
        self._stream.flush()
        _, _, error, result = self._read()
        if error:
            raise AssertionError(f"{command}: {error['error']}: {error['message']}")
        return result.get("value") if isinstance(result, dict) else result

    def _read(self) -> Any:
        size = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox has gone"
            size += byte
        return json.loads(self._stream.read(int(size)))


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Run a headless Firefox with a fresh profile."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    assert program, "the browser tests need Firefox: apt-get install firefox-esr"
    lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with socket.create_connection(("127.0.0.1", _port(profile, process)), timeout=90) as connection:
            yield Firefox(connection)
    finally:
        process.kill()
        process.wait()


def _port(profile: Path, process: subprocess.Popen[bytes]) -> int:
    file, end = profile / "MarionetteActivePort", time.monotonic() + STARTS_WITHIN
    while not (file.exists() and file.read_text()):
        assert process.poll() is None, "Firefox did not start"
        assert time.monotonic() < end, "Firefox was not ready in time"
        time.sleep(0.05)
    return int(file.read_text())
