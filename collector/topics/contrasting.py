"""Which words tell the unhappy from the others, one channel from the rest, this period from the one before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collector.kpis import BANDS, band_of
from collector.responses import Said
from collector.statistics import LEAST, false_discoveries, log_odds
from collector.topics import naming
from collector.topics.naming import Stems

SHOWN = 12


@dataclass(frozen=True)
class Word:
    """A word that marks one side, as people wrote it; ``n`` and ``n_against`` are the comments that hold it."""

    word: str
    stem: str
    n: int
    n_against: int
    log_odds: float
    z: float
    q: float


@dataclass(frozen=True)
class Side:
    """One side of a comparison: ``by`` is band, channel or period; ``words`` None where a side has under 30 comments."""

    by: str
    value: str
    n: int
    n_against: int
    words: tuple[Word, ...] | None


def by_band(said: Sequence[Said], stems: Stems) -> list[Side]:
    """The unhappy, those in between and the happy, each against the other two; only comments with a score."""
    scored = [each for each in said if each.score is not None]
    return [
        _one(scored, stems, "band", band, lambda each: band_of(each.metric, each.score)) for band in BANDS
    ]


def by_channel(said: Sequence[Said], stems: Stems) -> list[Side]:
    """Each channel against all others; none where there is but one."""
    channels = sorted({each.channel for each in said if each.channel})
    return [
        _one(said, stems, "channel", key, lambda each: each.channel) for key in channels if len(channels) > 1
    ]


def by_period(now: Sequence[Said], before: Sequence[Said], stems: Stems) -> Side:
    """This period against the one before."""
    return side("period", "now", now, before, stems)


def side(by: str, value: str, of: Sequence[Said], against: Sequence[Said], stems: Stems) -> Side:
    """One side against another."""
    if min(len(of), len(against)) < LEAST:
        return Side(by, value, len(of), len(against), None)
    every = log_odds.contrasts(naming.often(of, stems), naming.often(against, stems), len(of), len(against))
    found = log_odds.standing_out(every, false_discoveries.LEVEL)
    words = [
        Word(naming.spelling(each.word, of), each.word, each.n, each.n_against, each.log_odds, each.z, each.q)
        for each in found[:SHOWN]
    ]
    return Side(by, value, len(of), len(against), tuple(words))


def _one(said: Sequence[Said], stems: Stems, by: str, value: str, of: Callable[[Said], str | None]) -> Side:
    inside = [each for each in said if of(each) == value]
    return side(by, value, inside, [each for each in said if of(each) != value], stems)
