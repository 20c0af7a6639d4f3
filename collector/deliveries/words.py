"""What messages and the unsubscribe page say, in the languages of the shipped templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("mail_words.yaml")


@cache
def all_words() -> dict[str, dict[str, str]]:
    """locale -> key -> text, with ``{company}`` and other names to be filled."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return loaded


def words(locale: str, company: str = "") -> dict[str, str]:
    """The words of a locale with the company filled in (those of ``de`` serve ``de-AT``; English where there are none)."""
    return {key: text.replace("{company}", company) for key, text in all_words()[spoken(locale)].items()}


def spoken(locale: str) -> str:
    """The language of the words of a locale: the most alike that there are words in, else English."""
    known = all_words()
    return next((each for each in (locale, locale.split("-")[0]) if each in known), "en")
