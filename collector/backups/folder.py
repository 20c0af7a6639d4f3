"""A folder of backups: what the next one is called, and which are old enough to go."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

NAME = "afterword-%Y%m%dT%H%M%SZ.backup"
MADE_HERE = re.compile(r"afterword-\d{8}T\d{6}Z\.backup")


def made_in(folder: Path, now: datetime) -> Path:
    """The file that a backup made now gets in this folder."""
    return folder / now.strftime(NAME)


def drop_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` backups that bear such names; gives what went. Nothing else is touched."""
    made = sorted(path for path in folder.iterdir() if MADE_HERE.fullmatch(path.name))
    old = made[: max(0, len(made) - keep)]
    for path in old:
        path.unlink()
    return old
