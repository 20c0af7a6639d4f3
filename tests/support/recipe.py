"""Follows a page of ``docs/how-to`` to the letter, in a copy of the checkout.

Three kinds of code block are instructions, all others are only read:

- ``yaml title="survey_templates/delivery.yaml"``: a new file, its whole text;
- ``diff title="collector/config.py"``: an edit; lines with ``+`` come in, with ``-`` go, the others (with a space) stand
  there already, once, and a line of three dots leaves out what lies between;
- ``console``: each line that begins with ``$`` is run, and must end with 0.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import distributions

BLOCK = re.compile(r'^( *)```(\w+)(?: title="([^"]+)")?\n(.*?)^\1```$', re.M | re.S)
ONCE = ("pytest ", "make openapi")
THERE = "-o .venv/test -o .venv/demo -o widget/node_modules"
"""What the copy has already: make need not see to it."""


@dataclass(frozen=True)
class Step:
    """One block that is an instruction: ``kind`` is ``new``, ``edit`` or ``run``."""

    kind: str
    path: str
    text: str


def steps(page: Path) -> Iterator[Step]:
    for _, language, path, text in BLOCK.findall(page.read_text("utf-8")):
        body = textwrap.dedent(text)
        if language == "console":
            yield Step("run", "", body)
        elif path:
            yield Step("edit" if language == "diff" else "new", path, body)


def copy(folder: Path) -> Path:
    """The checkout's files in another folder, with its environment lent; what is run there imports the copy."""
    for name in distributions.tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(distributions.ROOT / name, folder / name)
    environment = Path(sys.executable).parents[1]
    (folder / ".venv/bin").mkdir(parents=True)
    for lent in ("lib", "pyvenv.cfg"):
        (folder / ".venv" / lent).symlink_to(environment / lent)
    for tool in (environment / "bin").iterdir():
        if not tool.name.startswith("pip"):  # nothing may be installed into what is only lent
            (folder / ".venv/bin" / tool.name).symlink_to(tool)
    (folder / "widget/node_modules").symlink_to(distributions.ROOT / "widget/node_modules")
    learned = distributions.ROOT / ".mypy_cache"
    if learned.exists():  # mypy compares what the files hold, so it judges no less
        shutil.copytree(learned, folder / learned.name)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    return folder


def follow(page: Path, folder: Path) -> list[str]:
    """Do what a page says, in its order; gives back what can be done once for all pages, after them."""
    later = []
    for step in steps(page):
        if step.kind == "run":
            for line in re.findall(r"^\$ (.*)$", step.text, re.M):
                if line.startswith(ONCE):
                    later.append(line)
                else:
                    run(line, folder)
        elif step.kind == "new":
            assert not (folder / step.path).exists(), f"{step.path} is there already"
            (folder / step.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / step.path).write_text(step.text, "utf-8")
        else:
            file = folder / step.path
            file.write_text(edited(file.read_text("utf-8"), step.text, step.path), "utf-8")
    return later


def edited(text: str, change: str, name: str) -> str:
    """The text after an edit; fails where the page shows lines that do not stand there, or not only once."""
    lines = text.removesuffix("\n").split("\n")  # not splitlines: a case table holds stranger ends of lines
    for hunk in re.split(r"^ ?\.\.\.\n", change, flags=re.M):
        shown = hunk.removesuffix("\n").split("\n")
        old = [line[1:] for line in shown if not line.startswith("+")]
        new = [line[1:] for line in shown if not line.startswith("-")]
        places = [at for at in range(len(lines)) if lines[at : at + len(old)] == old]
        assert len(places) == 1, f"{name}: stands there {len(places)} times:\n" + "\n".join(old)
        lines[places[0] : places[0] + len(old)] = new
    return "\n".join(lines) + "\n"


def run(command: str, folder: Path) -> None:
    """Run a line of a page as a shell would, with the copy before the checkout on every path."""
    command = re.sub(r"^make ", f"make {THERE} ", command)
    path = f"{folder / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
    python = os.pathsep.join(str(folder / part) for part in (".", "sdk_python"))
    environment = {**os.environ, "PATH": path, "PYTHONPATH": python}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
