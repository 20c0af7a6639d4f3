"""Comments as word stems, so that a search for "Rechnung" finds "Rechnungen" and one for "charge" finds "charged".

Stems are kept beside the comment as `` stem stem ``, with a space at both ends: then `` stem `` finds whole words on any
database, whatever it knows of capitals and umlauts. Snowball's stemmers fold both (ä is a, ß is ss).
"""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

STEMMERS = {"de": "german", "en": "english", "fr": "french", "es": "spanish"}
_WORD = re.compile(r"\w+")


def stems(comment: str | None, locale: str | None) -> str | None:
    """The stems of a comment in its own language, each once; of an unknown language the lower-cased words."""
    if not comment:
        return None
    stemmer = STEMMERS.get(language_of(locale))
    found = dict.fromkeys(_stem(word, stemmer) for word in words(comment))
    return f" {' '.join(found)} "


def wanted(search: str) -> list[frozenset[str]]:
    """For each word of a search the stems that find it: nobody says in which language they search."""
    readings: list[str | None] = [None, *STEMMERS.values()]
    return [frozenset(_stem(word, stemmer) for stemmer in readings) for word in words(search)]


def stem(word: str, locale: str | None) -> str:
    """One word's stem in a language; of an unknown language the lower-cased word."""
    return _stem(word.casefold(), STEMMERS.get(language_of(locale)))


@lru_cache(maxsize=1000)
def language_of(locale: str | None) -> str:
    """``de`` of ``de-AT``."""
    return (locale or "").replace("_", "-").split("-")[0].lower()


def words(text: str) -> list[str]:
    """The words of a text, lower-cased."""
    return [word for part in _WORD.findall(text.casefold()) for word in part.split("_") if word]


@lru_cache(maxsize=20_000)
def _stem(word: str, stemmer: str | None) -> str:
    """One word's stem; a stemmer holds the word it works on, so each call takes its own."""
    return str(snowballstemmer.stemmer(stemmer).stemWord(word)) if stemmer else word
