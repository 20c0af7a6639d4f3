"""A labelled set of near-duplicates: real or written comments, some of them varied as people vary them.

``python tests/benchmarks/topics.py FILE`` makes the same of a file of real comments. Whatever is not varied stays in the
set as it is: other comments on the same subjects, which are the hard negatives. The same seed gives the same set.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

GREETINGS = ("Hallo, ", "Guten Tag, ", "Hello, ", "Bonjour, ", "Hola, ", "Sehr geehrte Damen und Herren, ")
ENDINGS = (" Danke!", " Mit freundlichen Grüßen", " Vielen Dank.", " Thanks!", " Merci.", " Gracias.")
Labelled = tuple[str, int]


def labelled(originals: Sequence[str], varied: int, seed: int = 7) -> list[Labelled]:
    """``varied`` of the originals in two to six variations each, all others once; (comment, which it says) shuffled."""
    chance = random.Random(seed)
    numbered = list(enumerate(distinct(originals)))
    chosen = {number for number, _text in chance.sample(numbered, varied)}
    found = [
        (vary(text, chance) if number in chosen else text, number)
        for number, text in numbered
        for _ in range(chance.randrange(2, 7) if number in chosen else 1)
    ]
    chance.shuffle(found)
    return found


def distinct(originals: Iterable[str]) -> list[str]:
    """Those of which no earlier one has half of the longer words: what says the same already cannot be told apart."""
    kept: list[str] = []
    sets: list[frozenset[str]] = []
    holding: dict[str, list[int]] = defaultdict(list)
    for text in originals:
        words = frozenset(word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3)
        shared = Counter(place for word in words for place in holding[word])
        if len(words) < 2 or any(n / len(words | sets[place]) >= 0.5 for place, n in shared.items()):
            continue
        for word in words:
            holding[word].append(len(kept))
        kept.append(text)
        sets.append(words)
    return kept


def vary(text: str, chance: random.Random) -> str:
    """One typo in each eight words, halves in another order, a word left out, a greeting, an ending, small letters."""
    words = text.split()
    for _ in range(max(1, len(words) // 8)):
        place = chance.randrange(len(words))
        words[place] = mistyped(words[place], chance)
    if chance.random() < 0.4 and len(words) > 5:
        cut = chance.randrange(2, len(words) - 1)
        words = words[cut:] + words[:cut]
    if chance.random() < 0.4 and len(words) > 6:
        del words[chance.randrange(len(words))]
    varied = " ".join(words)
    varied = chance.choice(GREETINGS) + varied if chance.random() < 0.3 else varied
    varied = varied + chance.choice(ENDINGS) if chance.random() < 0.3 else varied
    return varied.lower() if chance.random() < 0.3 else varied


def mistyped(word: str, chance: random.Random) -> str:
    """A letter left out, doubled, swapped with the next or hit beside."""
    if len(word) <= 3:
        return word
    at = chance.randrange(len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + chance.choice("aeinrst") + word[at + 1 :],
        )
    )


def precision_and_recall(found: Sequence[int], labels: Sequence[int]) -> tuple[float, float]:
    """Of all pairs put together the part that belongs together, and of all that belong together the part found."""
    right = _pairs(Counter(zip(found, labels, strict=True)))
    return right / _pairs(Counter(found)), right / _pairs(Counter(labels))


def _pairs(sizes: Counter[object]) -> int:  # type: ignore[type-arg]
    return sum(n * (n - 1) // 2 for n in sizes.values())
