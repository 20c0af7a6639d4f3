"""Comments that say nearly the same, put together. Pure, and the same for the same comments in the same order.

Two comments are near when the three-letter pieces of their words agree by Jaccard's index of at least ``NEAR``: typos,
another order of words, a greeting and a word more or less leave them near. Whoever denies is never near to whoever
does not. Each comment joins the nearest of those that lead a group, or leads one. Only leaders that share one of its
rarer words are looked at, and never more than ``LOOKED_AT``: the work grows with the comments, not with their square.
docs/decisions/0013-near-duplicates.md says why not by MinHash.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import ceil
from typing import NamedTuple

from collector.topics import words

NEAR = 0.55
RARER = 0.7
"""The part of a comment's words by which it is found: two that are near share one of them."""
LOOKED_AT = 100


class Text(NamedTuple):
    """A comment and the language it is in, as far as known."""

    comment: str
    locale: str | None


@dataclass
class Pieces:
    """The three-letter pieces of words as bits of whole numbers: what two comments share is one ``&`` away."""

    numbers: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)

    def of(self, said: Sequence[str]) -> int:
        """The pieces of some words."""
        bits = 0
        for word in said:
            bits |= self.known.get(word) or self._learn(word)
        return bits

    def _learn(self, word: str) -> int:
        bits, edged = 0, f"_{word}_"
        for at in range(len(edged) - 2):
            bits |= 1 << self.numbers.setdefault(edged[at : at + 3], len(self.numbers))
        self.known[word] = bits
        return bits


def group(texts: Sequence[Text]) -> list[int]:
    """For each comment the place of the one that leads its group: its own where it is the first of its kind."""
    said = [words.of_matter(text.comment) for text in texts]
    subject = [words.without_function_words(of, text.locale) for of, text in zip(said, texts, strict=True)]
    often = Counter(word for of in subject for word in of)
    pieces, found = Pieces(), list[int]()
    denying, others = Leaders(), Leaders()
    for place, text in enumerate(texts):
        rare = sorted(subject[place], key=lambda word: (often[word], word))
        leaders = denying if words.denies(said[place], text.locale) else others
        found.append(leaders.join(place, pieces.of(said[place]), rare[: ceil(len(rare) * RARER)]))
    return found


@dataclass
class Leaders:
    """The first comment of each group, found by its rarer words or by being word for word the same."""

    bits: dict[int, int] = field(default_factory=dict)
    by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    same: dict[int, int] = field(default_factory=dict)

    def join(self, place: int, bits: int, rare: Sequence[str]) -> int:
        """The leader of a comment, which is itself where none is near."""
        if not bits:  # a comment without a word is like no other
            return place
        leader = self.same.get(bits)
        if leader is None:
            leader = self.same[bits] = self._nearest(bits, rare, place)
        return leader

    def _nearest(self, bits: int, rare: Sequence[str], place: int) -> int:
        """The leader that is nearest, of equals the first; the comment itself where none is near enough."""
        best, nearest = NEAR, place
        for other in sorted(self._sharing(rare)):
            near = nearness(bits, self.bits[other])
            if near > best or (near == best and nearest == place):
                best, nearest = near, other
        if nearest == place:
            self._lead(place, bits, rare)
        return nearest

    def _lead(self, place: int, bits: int, rare: Sequence[str]) -> None:
        self.bits[place] = bits
        for word in rare:
            self.by_word[word].append(place)

    def _sharing(self, rare: Sequence[str]) -> set[int]:
        found: set[int] = set()
        for word in rare:
            if len(found) < LOOKED_AT:
                found.update(islice(self.by_word.get(word, ()), LOOKED_AT - len(found)))
        return found


def nearness(one: int, other: int) -> float:
    """Jaccard's index of two comments' pieces."""
    return (one & other).bit_count() / (one | other).bit_count()
