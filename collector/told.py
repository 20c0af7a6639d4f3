"""Sentences that pages tell of what went wrong, or why: English in the code and on the wire, put into the reader's language.

A sentence is written once, in English, where its rule stands: an error's text, a field's message, the rule behind a
decision. ``told_words`` finds it there for the catalogues, its values as places (``there is no journey %(journey)s``);
``Sentences`` finds it again in what is shown, and says it in another language with the same values. So what was stored
years ago is translated too, and no rule knows of languages.
"""

from __future__ import annotations

import re

CONTEXT = "told"
PLACE = re.compile(r"%\((\w+)\)s|%%")
IN_FILE = re.compile(r"([^\s:]+:\d+:\d+: (?:[\w.-]+: )?)(.+)", re.DOTALL)
"""A sentence behind the place in a file that it is about (see ``yaml_marks.Problem``)."""


class Sentences:
    """One language's sentences, to be found again in what is shown."""

    def __init__(self, translated: dict[str, str]) -> None:
        self._whole = {key: said for key, said in translated.items() if not PLACE.search(key)}
        longest_first = sorted(translated.items(), key=lambda each: -len(PLACE.sub("", each[0])))
        self._patterns = [
            (_pattern(key), said) for key, said in longest_first if PLACE.search(key) and _says_enough(key)
        ]

    def say(self, text: str) -> str:
        """A sentence in this language; one that is not known stays as it is."""
        if text in self._whole:
            return self._whole[text]
        for pattern, said in self._patterns:
            if found := pattern.fullmatch(text):
                values = {name: self.say(value) for name, value in found.groupdict().items()}
                return said % values
        if "\n" in text:
            return "\n".join(map(self.say, text.split("\n")))
        placed = IN_FILE.fullmatch(text)
        return placed[1] + self.say(placed[2]) if placed else text


def _pattern(sentence: str) -> re.Pattern[str]:
    parts, end = [], 0
    for place in PLACE.finditer(sentence):
        parts.append(re.escape(sentence[end : place.start()]))
        parts.append(f"(?P<{place[1]}>.*?)" if place[1] else "%")
        end = place.end()
    return re.compile("".join(parts) + re.escape(sentence[end:]), re.DOTALL)


def _says_enough(sentence: str) -> bool:
    """Whether there are words to know a sentence by; one of values alone would be found everywhere."""
    return len(re.findall(r"[A-Za-z]{2,}", PLACE.sub(" ", sentence))) >= 2
