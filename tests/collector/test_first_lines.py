"""What an operator got wrong ends in one clear line with the next step, never in a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from collector.cli import main

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def afterword(tmp_path: Path) -> Run:
    """``afterword("serve", AFTERWORD_URL="...")`` in an empty folder."""
    command = Path(sys.executable).with_name("afterword")

    def call(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        bare = {k: v for k, v in os.environ.items() if not k.startswith("AFTERWORD_")}
        return subprocess.run(
            [command, *arguments],
            cwd=tmp_path,
            env=bare | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode in {1, 2}, done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_command_before_init_names_init(afterword: Run) -> None:
    assert "afterword init" in one_line(afterword("keys", "list"))


def test_every_command_that_needs_tables_names_init_before_it(tmp_path: Path) -> None:
    told = {}
    for words, command in commands(main):
        database = f"sqlite:///{tmp_path / '-'.join(words)}.db"
        done = CliRunner().invoke(main, [*words, *given(command)], env={"AFTERWORD_DATABASE_URL": database})
        assert done.exception is None or isinstance(done.exception, SystemExit), words
        told[words] = done.stderr
    named = {words for words, said in told.items() if "afterword init" in said}
    assert len(named) > 25
    assert {words for words, said in told.items() if "no such table" in said} == set()


SERVING = {"demo", "init", "serve", "work"}


def commands(group: click.Group, *words: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command with its words, but those that make tables of their own."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *words, name)
        elif name not in SERVING:
            yield (*words, name), command


def given(command: click.Command) -> Iterator[str]:
    """Something for each argument and option that it demands."""
    for each in command.params:
        if each.required:
            kind = each.type
            if isinstance(each, click.Option):
                yield each.opts[-1]
            yield kind.choices[0] if isinstance(kind, click.Choice) else os.devnull


def test_a_port_out_of_range_is_named(afterword: Run) -> None:
    assert "65535" in one_line(afterword("serve", "--port", "80000"))


def test_a_port_in_use_is_named_before_anything_is_promised(afterword: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = afterword("serve", "--port", port)
    assert port in one_line(done)
    assert "listens" not in done.stdout


def test_a_host_that_is_not_ours_is_named(afterword: Run) -> None:
    assert "192.0.2.1" in one_line(afterword("serve", "--host", "192.0.2.1", "--port", "0"))


def test_a_database_that_does_not_answer_is_named(afterword: Run) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"postgresql://nobody@127.0.0.1:{port}/nothing"
    line = one_line(afterword("init", AFTERWORD_DATABASE_URL=url, AFTERWORD_SECRET_KEY="s" * 40))
    assert "cannot be reached" in line
    assert "AFTERWORD_DATABASE_URL" in line


def test_a_folder_that_cannot_be_written_is_named(afterword: Run) -> None:
    url = "sqlite:////proc/nowhere/afterword.db"
    assert "AFTERWORD_DATABASE_URL" in one_line(afterword("init", AFTERWORD_DATABASE_URL=url))


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from collector import config

    monkeypatch.setattr(config, "find_spec", lambda name: None)
    given = {"AFTERWORD_DATABASE_URL": "postgresql://u@h/d", "AFTERWORD_SECRET_KEY": "s" * 40}
    with pytest.raises(config.SettingError, match=r"pip install 'afterword\[postgres\]'"):
        config.load(given)


def test_one_shell_may_serve_collector_and_sdk(afterword: Run) -> None:
    settings = {
        "AFTERWORD_API_KEY": "aw_sk_x",
        "AFTERWORD_OUTBOX": "outbox.db",
        "AFTERWORD_PUBLIC_URL": "https://x",
    }
    assert afterword("init", **settings).returncode == 0
