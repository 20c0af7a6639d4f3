"""``afterword demo``: its data is made once, reused, made anew on demand; it starts, says where it is, and stops cleanly."""

from __future__ import annotations

import io
import os
import signal
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from collector.clock import FixedClock
from collector.demo import run as demo
from collector.demo.folder import Folder
from collector.errors import BadInput

CLOCK = FixedClock(datetime(2026, 11, 21, 18, 0, tzinfo=UTC))
START = (
    "import sys; from pathlib import Path; from collector.demo.run import run;"
    " run(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))"
)


def test_a_second_start_uses_what_stands(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "demo")
    first = demo.prepare(folder, CLOCK, False, io.StringIO(), scale=0.02)
    said = io.StringIO()
    assert demo.prepare(folder, CLOCK, False, said, scale=0.02) == first
    assert said.getvalue() == ""


def test_reset_makes_it_anew_and_touches_nothing_else(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "letters.txt").write_text("mine")
    first = demo.prepare(folder, CLOCK, False, io.StringIO(), scale=0.02)
    assert demo.prepare(folder, CLOCK, True, io.StringIO(), scale=0.02) != first
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_what_broke_off_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    demo.prepare(folder, CLOCK, False, io.StringIO(), scale=0.02)
    (tmp_path / "demo.json").write_text("{")
    said = io.StringIO()
    demo.prepare(folder, CLOCK, False, said, scale=0.02)
    assert "Making Tarnwick Telecom" in said.getvalue()


def test_the_key_is_for_its_owner_only(tmp_path: Path) -> None:
    demo.prepare(Folder(tmp_path), CLOCK, False, io.StringIO(), scale=0.02)
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


def test_a_folder_that_is_a_file_is_refused_with_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("")
    with pytest.raises(BadInput, match="choose another folder with --data"):
        demo.prepare(Folder(tmp_path / "demo"), CLOCK, False, io.StringIO())


def test_a_port_that_is_taken_is_named_with_its_option(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"Port {port} cannot be used .* --shop-port"):
            demo.run(_free_port(), port, tmp_path)


def test_it_serves_both_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    demo.prepare(Folder(tmp_path), CLOCK, False, io.StringIO(), scale=0.02)
    ports = [str(_free_port()), str(_free_port())]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *ports, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "AFTERWORD_DATABASE_URL": "sqlite:///elsewhere.db"},
    )
    assert process.stdout is not None
    try:
        said = ""
        while "Ctrl-C" not in said and (line := process.stdout.readline()):
            said += line
        assert f"http://127.0.0.1:{ports[1]}" in said
        assert "demo@tarnwick.example" in said
        for port, words in zip(ports, ("Afterword", "Three tariffs. No asterisks."), strict=True):
            with urlopen(f"http://127.0.0.1:{port}/{'sign-in' if port == ports[0] else ''}") as page:
                assert words in page.read().decode()
        process.send_signal(signal.SIGINT)
        rest, problems = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, rest.strip(), problems) == (0, "Stopping.", "")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(ports[0])))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
