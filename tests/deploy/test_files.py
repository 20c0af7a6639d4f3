"""The other files of ``deploy/``: what can be judged without a machine of its own to boot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from collector import config

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    assert program, "systemd-analyze is needed: apt-get install systemd"
    for each in UNITS:  # the program is where this suite's is, not where an installation has it
        text = each.read_text().replace(
            "/opt/afterword/bin/afterword", str(Path(sys.executable).with_name("afterword"))
        )
        (tmp_path / each.name).write_text(text)
    done = subprocess.run(
        [program, "verify", str(tmp_path / unit.name)], capture_output=True, text=True, check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_each_command_of_the_units_is_one() -> None:
    for unit in UNITS:
        for line in re.findall(r"^ExecStart=\S+ (.*)$", unit.read_text(), re.M):
            words = line.split()
            options = [word for word in words if word.startswith("--")]
            said = _afterword(words[0], "--help")
            assert all(option in said for option in options), (unit.name, line)


def test_the_settings_are_known_and_must_be_filled_in() -> None:
    lines = (DEPLOY / "afterword.env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    loaded = config.load(given)
    assert (loaded.proxies, loaded.processes) == (1, 2)
    assert "CHANGE-ME" in loaded.database_url


def test_the_composition_uses_what_is_there() -> None:
    found = yaml.safe_load((DEPLOY / "container/compose.yaml").read_text())
    assert set(found["services"]) == {"collector", "worker", "backup", "database", "proxy"}
    for name in ("worker", "backup"):
        service = found["services"][name]
        assert _afterword(service["command"][0], "--help")
        assert (
            ROOT / "deploy/container" / service["build"]["context"] / service["build"]["dockerfile"]
        ).exists()
    volumes = {
        volume.partition(":")[0] for each in found["services"].values() for volume in each.get("volumes", ())
    }
    assert {volume for volume in volumes if not volume.startswith(".")} == set(found["volumes"])


def test_the_image_is_made_of_what_is_there() -> None:
    said = (DEPLOY / "container/Containerfile").read_text()
    [arguments] = re.findall(r'^CMD \["(serve".*)\]$', said, re.M)
    options = re.findall(r"--[a-z-]+", arguments)
    assert all(option in _afterword("serve", "--help") for option in options)
    assert "requirements.txt" in said
    assert (ROOT / "requirements.txt").exists()


def test_the_alerts_read_what_is_measured(client: FlaskClient, session: Any, time: Any) -> None:
    from collector import jobs

    jobs.succeeded(session, jobs.Job("backup", 1.0, lambda *_: 0, lambda *_: False), time())
    session.commit()
    client.get("/livez")
    measured = set(re.findall(r"^(afterword_\w+)[ {]", client.get("/metrics").text, re.M))
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text())["groups"][0]["rules"]
    for rule in rules:
        assert set(re.findall(r"afterword_\w+", rule["expr"])) <= measured, rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
    told = set(re.findall(r"^\| `(Afterword\w+)`", (ROOT / "docs/how-to/monitor.md").read_text(), re.M))
    assert told == {rule["alert"] for rule in rules}


def _afterword(*arguments: str) -> str:
    from click.testing import CliRunner

    from collector.cli import main

    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output
