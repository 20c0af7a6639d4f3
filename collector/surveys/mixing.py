"""Journeys whose steps are asked different questions: what of them cannot be compared, and the one step that helps. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.instruments import shipped
from collector.journeys import Journey


def questions(entries: Iterable[Mapping[str, Any]], journey: Journey) -> dict[str, list[str]]:
    """Touchpoint of a journey -> the metrics asked there, about the place itself; unknown templates are left out."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        template = shipped().get(entry["template"])
        stands = entry["touchpoint"] in journey.touchpoints and entry.get("target") != "journey"
        if stands and template and template.metric and entry["journey"] in {None, journey.key}:
            found.setdefault(entry["touchpoint"], []).append(template.metric)
    return found


@dataclass(frozen=True)
class Mixed:
    """A journey that mixes questions: by which it is read, and the touchpoints that ask others."""

    journey: Journey
    leads: str
    beside: tuple[str, ...]


def mixed(entries: Sequence[Mapping[str, Any]], journeys: Iterable[Journey]) -> Iterator[Mixed]:
    """The journeys that mix questions."""
    for journey in journeys:
        asked = questions(entries, journey)
        leads = leading(asked, journey)
        beside = [touchpoint for touchpoint, metrics in asked.items() if leads not in metrics]
        if leads and beside:
            yield Mixed(journey, leads, tuple(sorted(beside)))


def leading(asked: Mapping[str, Sequence[str]], journey: Journey) -> str | None:
    """The question by which a journey is read: the one that its file names, else the one asked at most touchpoints."""
    counts = Counter(metric for metrics in asked.values() for metric in set(metrics))
    return journey.metric or max(counts, key=lambda key: (counts[key], key), default=None)


def advice(entries: Sequence[Mapping[str, Any]], journeys: Iterable[Journey]) -> Iterator[str]:
    """A line for each journey that mixes questions: what it is read by, and where to ask that too."""
    for each in mixed(entries, journeys):
        yield (
            f"the journey {each.journey.key} is read by {each.leads}; {', '.join(each.beside)} cannot be compared"
            f" with the rest: ask {each.leads} there too [mixed_questions]"
        )
