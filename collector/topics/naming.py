"""What a group of comments is called: by the words that tell it apart, as people wrote them. Pure."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log

from collector.responses import Said, stemming
from collector.topics import words

TERMS = 3
LOOKED_AT = 50
"""Comments in which the spelling of a word is looked for."""
_WORD = re.compile(r"[^\W_]+")


Stems = Mapping[uuid.UUID, list[str]]
"""Answer -> the stems of its comment that say what it is about."""


def stems_of(said: Iterable[Said]) -> dict[uuid.UUID, list[str]]:
    """The stems of comments, each without its function words."""
    return {each.response_id: words.without_function_words(each.stems, each.locale) for each in said}


def often(said: Iterable[Said], stems: Stems) -> Counter[str]:
    """Stem -> how many comments hold it."""
    return Counter(stem for each in said for stem in stems[each.response_id])


def terms(
    members: Sequence[Said], stems: Stems, often: Mapping[str, int], all_comments: int
) -> tuple[str, ...]:
    """The words that most members share and few others have, in the order in which the first member says them."""
    inside = Counter(stem for said in members for stem in stems[said.response_id])
    shared = [stem for stem, n in inside.items() if 2 * n >= len(members)]
    best = sorted(
        shared, key=lambda stem: (-_weight(stem, inside[stem], often.get(stem, 0), all_comments), stem)
    )
    order = {stem: place for place, stem in enumerate(members[0].stems)}
    chosen = sorted(best[:TERMS], key=lambda stem: (order.get(stem, len(order)), stem))
    return tuple(spelling(stem, members) for stem in chosen)


def spelling(stem: str, said: Collection[Said]) -> str:
    """A stem as most people wrote it."""
    holding = [each for each in said if stem in each.stems][:LOOKED_AT]
    found = Counter(
        word
        for each in holding
        for word in _WORD.findall(each.comment)
        if stemming.stem(word, each.locale) == stem
    )
    return min(found, key=lambda word: (-found[word], word), default=stem)


def _weight(stem: str, inside: int, often: int, all_comments: int) -> float:
    """How well a word names a group: said by many of it and few others; of such, long words say more than short ones."""
    return inside * log((1 + all_comments) / (1 + often)) * log(1 + len(stem))
