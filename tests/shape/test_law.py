"""The import law of ``setup.cfg`` holds, and nothing speaks of the machine it was written on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_imports_follow_the_route(root: Path) -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_path_of_a_machine_stands_in_the_repository(root: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False
    ).stdout.split()
    kinds = {".py", ".md", ".yaml", ".html", ".css", ".ts", ".js", ".cfg", ".toml"}
    for name in listed:
        path = root / name
        if path.suffix in kinds and path.is_file() and "static/widget" not in name:
            assert not re.search(r"(?<![\w.])/(?:work|farm|root)/", path.read_text(errors="replace")), name


def test_no_merge_is_left_half_done(root: Path) -> None:
    command = ["git", "grep", "-nIE", "^(<<<<<<<|>>>>>>>) "]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_nobody_else_writes_the_columns_of_an_answer(root: Path) -> None:
    """``comment_stems`` stands in every new row and nowhere else in the code that writes."""
    reading = {"recording.py", "models.py", "searching.py", "forget.py"}
    hands = [
        path.relative_to(root).as_posix()
        for path in (root / "collector").rglob("*.py")
        if "comment_stems" in path.read_text() and path.name not in reading and "migrations" not in path.parts
    ]
    assert hands == []
