"""The hosted page's own words, in the languages of the shipped templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("page_words.yaml")


@cache
def all_words() -> dict[str, dict[str, str]]:
    """locale -> key -> text."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


def words(locale: str) -> dict[str, str]:
    """The words of a locale (those of ``de`` serve ``de-AT``; English where there are none)."""
    known = all_words()
    return known.get(locale) or known.get(locale.split("-")[0]) or known["en"]
