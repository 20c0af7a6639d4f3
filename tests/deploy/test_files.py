"""The other files of ``deploy/``: what can be judged without a machine of its own to boot."""

from __future__ import annotations

import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from collector import config
from collector.cli import main

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
    filled = {name: value.replace("CHANGE-ME", "x" * 40) for name, value in given.items()}
    assert (config.load(filled).proxies, config.load(filled).processes) == (1, 2)
    left = [name for name, value in given.items() if value != filled[name]]
    assert left == ["AFTERWORD_DATABASE_URL", "AFTERWORD_SECRET_KEY", "AFTERWORD_URL"]
    for name in left:  # the example's own secret would sign for everybody who has read it
        with pytest.raises(config.SettingError, match=f"{name} still holds CHANGE-ME"):
            config.load({**filled, name: given[name]})


def test_the_command_takes_settings_as_the_units_do(tmp_path: Path) -> None:
    """No shell reads them: it would run ``Telecom`` with a file as its input."""
    settings, program, command = (tmp_path / name for name in ("afterword.env", "program", "afterword"))
    settings.write_text(
        "# a comment\n\nAFTERWORD_MAIL_FROM=Example Telecom <feedback@example.com>\n"
        "AFTERWORD_DATABASE_URL=postgresql://a:$(p)`w`;&'@h/d?x=1&y=2\n"
        'AFTERWORD_OIDC_ACCESS="it=administrator, *=member"\nAFTERWORD_URL=\nHOME=/nowhere\nAFTERWORD_THREADS=8'
    )
    program.write_text(
        '#!/bin/sh\nenv | grep -E "^(AFTERWORD_|HOME=/nowhere)" | sort; printf "%s|" "$@"; exit 3\n'
    )
    program.chmod(0o755)
    said = (DEPLOY / "afterword").read_text()
    for old, new in (
        ("settings=/etc/afterword/afterword.env", f"settings={settings}"),
        ("program=/opt/afterword/bin/afterword", f"program={program}"),
        ("user=afterword", f"user={pwd.getpwuid(os.getuid()).pw_name}"),
    ):
        assert said.count(f"\n{old}\n") == 1
        said = said.replace(f"\n{old}\n", f"\n{new}\n")
    command.write_text(said)
    command.chmod(0o755)
    environment = {"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "AFTERWORD_THREADS": "4"}
    done = subprocess.run(
        [command, "init", "--name", "Two words"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.splitlines() == [
        "AFTERWORD_DATABASE_URL=postgresql://a:$(p)`w`;&'@h/d?x=1&y=2",
        "AFTERWORD_MAIL_FROM=Example Telecom <feedback@example.com>",
        "AFTERWORD_OIDC_ACCESS=it=administrator, *=member",
        "AFTERWORD_THREADS=4",
        "AFTERWORD_URL=",
        "init|--name|Two words|",
    ]
    settings.unlink()
    done = subprocess.run([command], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"Error: \S+ cannot be read; run this as root, .*\n", done.stderr)


PAGES = ("run-in-production", "upgrade", "back-up-and-restore", "monitor", "connect-bi")
OF_DEBIAN = {
    "adduser",
    "apt-get",
    "cp",
    "curl",
    "editor",
    "export",
    "install",
    "nginx",
    "python3",
    "runuser",
    "sed",
}
"""What a machine has, or has from the packages that the page installs; no sudo: Debian has none by itself."""
OF_PAGES = {"systemctl", "afterword", "certbot", "/opt/afterword/bin/pip", "docker", "dbt"}


@pytest.mark.parametrize("name", PAGES)
def test_an_operator_has_each_program_of_the_page(name: str) -> None:
    page = (ROOT / f"docs/how-to/{name}.md").read_text()
    for block in re.findall(r"```console\n(.*?)```", page, re.S):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            assert words[0] in OF_DEBIAN | OF_PAGES, (name, line)
            assert not any(word.startswith("afterword[") for word in words), "no index has it"
            if words[0] in {"cp", "install"}:
                copied = [word for word in words[1:-1] if word.startswith("deploy/")]
                assert all(list(ROOT.glob(path)) for path in copied), (name, line)


def test_the_certificate_comes_before_the_file_that_names_it() -> None:
    """nginx starts over no file whose certificate is not there, and ``certbot --nginx`` asks nginx first."""
    page = (ROOT / "docs/how-to/run-in-production.md").read_text()
    assert "certbot certonly --nginx" in page
    assert page.index("certbot certonly --nginx") < page.index("cp deploy/nginx/afterword.conf")
    assert page.index("cp deploy/nginx/afterword.conf") < page.index("systemctl reload nginx\n")


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

    backup = jobs.Job("backup", 1.0, lambda *_: 0, lambda *_: False)
    jobs.succeeded(session, jobs.Success(backup, time()))
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

    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output
