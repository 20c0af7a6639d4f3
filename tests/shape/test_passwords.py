"""Passwords cost in production what argon2 recommends: the suite makes them cheap by argon2's defaults alone."""

from __future__ import annotations

import re
from pathlib import Path

import argon2


def test_no_hasher_is_made_cheaper_than_the_library_says(root: Path) -> None:
    made = [
        call
        for path in (root / "collector").rglob("*.py")
        for call in re.findall(r"\bPasswordHasher\(.*", path.read_text())
    ]
    assert set(made) == {"PasswordHasher()"}


def test_the_librarys_own_figures_are_those_of_rfc_9106() -> None:
    low_memory = argon2.profiles.RFC_9106_LOW_MEMORY
    assert argon2.DEFAULT_MEMORY_COST >= low_memory.memory_cost == 65536
    assert argon2.DEFAULT_TIME_COST >= low_memory.time_cost == 3
