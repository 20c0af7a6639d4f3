"""What the shop sells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tariff:
    """A line: prices in cents a month, speeds in Mbit/s."""

    key: str
    name: str
    down: int
    up: int
    cents: int
    cents_later: int
    fits: str
    best: bool = False


TARIFFS = (
    Tariff(
        "fibre-s", "Fibre S", 100, 50, 2490, 2990, "Two people, films in the evening, calls with the family."
    ),
    Tariff(
        "fibre-m",
        "Fibre M",
        300,
        150,
        3490,
        3990,
        "A full house, work from home, games while others stream.",
        True,
    ),
    Tariff("fibre-l", "Fibre L", 1000, 500, 4990, 5490, "A studio, a shop, or six screens that never agree."),
)
REGIONS = ("Upper Tarn", "Lower Tarn", "Wickfell", "Sallow Vale")
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}


def find(key: str) -> Tariff | None:
    """The tariff of a key, None where there is none."""
    return next((tariff for tariff in TARIFFS if tariff.key == key), None)


def euros(cents: int) -> str:
    """2490 -> 24.90"""
    return f"{cents // 100}.{cents % 100:02}"
