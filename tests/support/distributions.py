"""Both distributions as a release makes them, and environments that have never seen the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
BUILD: list[str | Path] = [sys.executable, "-m", "build", "--no-isolation", "--outdir"]


def tracked(*folders: str) -> set[str]:
    """What belongs to the repository, new files that nobody ignores included."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders]
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return {name for name in found if (ROOT / name).is_file()}


def build(folder: Path) -> Path:
    """Source distributions and, out of those, wheels: from a clean copy, so that nothing old slips in."""
    source, made = folder / "source", folder / "dist"
    for name in tracked():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    for part in (source, source / "sdk_python"):
        done = subprocess.run([*BUILD, made, part], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return made


def environment(folder: Path, *wheels: Path) -> Path:
    """A fresh environment's python: the wheels, and of this suite's packages those that the wheels say they need."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    install = [
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        *map(str, wheels),
    ]
    subprocess.run([sys.executable, *install], check=True)
    packages = next(folder.glob("lib/python3*/site-packages"))
    for name in _needed(packages):
        _link(name, packages)
    return python


def _needed(packages: Path) -> set[str]:
    """The names of all distributions that the metadata of those in a folder ask for here, without extras."""
    found: set[str] = set()
    waiting = [
        Requirement(line)
        for own in metadata.distributions(path=[str(packages)])
        for line in own.requires or []
    ]
    while waiting:
        needed = waiting.pop()
        if needed.name in found or not (needed.marker is None or needed.marker.evaluate({"extra": ""})):
            continue
        found.add(needed.name)
        waiting += [Requirement(line) for line in metadata.distribution(needed.name).requires or []]
    return found


def _link(name: str, into: Path) -> None:
    """Lend an installed distribution to an environment, by links: copying all of them would take seconds."""
    found = metadata.distribution(name)
    tops = {file.parts[0] for file in found.files or [] if file.parts[0] not in {"..", "__pycache__"}}
    for top in tops:
        if not (into / top).exists():
            os.symlink(str(found.locate_file(top)), into / top)
