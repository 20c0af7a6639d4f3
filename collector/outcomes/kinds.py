"""The kinds of outcomes, and how their amounts are kept: whole ten-thousandths, so that sums are exact."""

from __future__ import annotations

from decimal import Decimal

AMOUNTS = ("revenue", "cost")
FLAGS = ("churn", "repeat_contact", "resolved")
KINDS = (*AMOUNTS, *FLAGS)
PARTS = 10_000
"""So many parts an amount's unit has."""
LARGEST = Decimal(10) ** 11


def stored(value: Decimal) -> int:
    """The amount as it is kept."""
    return int(value * PARTS)


def shown(amount: float) -> float:
    """The amount in its unit."""
    return amount / PARTS
