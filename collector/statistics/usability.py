"""Usability questionnaires of several items, each brought to 0..100: one person's answers in, their score out."""

from collections.abc import Sequence


def sus(items: Sequence[int]) -> float:
    """Return the System Usability Scale of ten answers, 1..5: 2.5 (Σ odd - 1 + Σ 5 - even) (Brooke 1996)."""
    if len(items) != 10 or not all(1 <= item <= 5 for item in items):
        raise ValueError("the System Usability Scale takes ten answers from 1 to 5")
    return 2.5 * (sum(item - 1 for item in items[::2]) + sum(5 - item for item in items[1::2]))


def umux_lite(useful: int, easy: int) -> float:
    """Return UMUX-Lite of two answers, 1..7: 100 (x1 + x2 - 2) / 12, without the regression towards SUS."""
    if not (1 <= useful <= 7 and 1 <= easy <= 7):
        raise ValueError("UMUX-Lite takes two answers from 1 to 7")
    return 100 * (useful + easy - 2) / 12
