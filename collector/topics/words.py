"""A comment's words, and which of them say what it is about. Pure."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml

from collector.responses import stemming

LANGUAGES = tuple(stemming.STEMMERS)


class FunctionWords(NamedTuple):
    """By language, of an unknown one all of them: words without a subject, and words that deny; and greetings."""

    empty: dict[str, frozenset[str]]
    denying: dict[str, frozenset[str]]
    greetings: re.Pattern[str]


@cache
def function_words() -> FunctionWords:
    """The lists of ``function_words.yaml``; a word without a subject also as its stem."""
    text = resources.files("collector.topics").joinpath("function_words.yaml").read_text("utf-8")
    lists = yaml.safe_load(text)
    empty = {key: _with_stems(set(lists["words"][key].split()), key) for key in LANGUAGES}
    denying = {key: frozenset(lists["negation"][key].split()) for key in LANGUAGES}
    for by_language in (empty, denying):
        by_language[""] = frozenset[str]().union(*by_language.values())
    greetings = "|".join(sorted(lists["greetings"], key=len, reverse=True))
    return FunctionWords(empty, denying, re.compile(f"(?<= )(?:{greetings}) "))


def language_of(locale: str | None) -> str:
    """The language whose words are known; empty for any other, or none."""
    key = stemming.language_of(locale)
    return key if key in LANGUAGES else ""


def of_matter(comment: str) -> list[str]:
    """The words of a comment, each once, without its greetings; all of them where it is nothing else."""
    words = stemming.words(comment)
    matter = function_words().greetings.sub("", f" {' '.join(words)} ").split()
    return list(dict.fromkeys(matter or words))


def without_function_words(words: list[str], locale: str | None) -> list[str]:
    """The words (or stems) that say what it is about; all of them where nothing would be left."""
    empty = function_words().empty[language_of(locale)]
    return [word for word in words if word not in empty] or words


def denies(words: list[str], locale: str | None) -> bool:
    """Whether a comment says that something is not so."""
    return not function_words().denying[language_of(locale)].isdisjoint(words)


def _with_stems(words: set[str], language: str) -> frozenset[str]:
    return frozenset(words | {stemming.stem(word, language) for word in words})
