"""Journeys whose steps are asked different questions: what of them cannot be compared, and the one step that helps. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def advice(entries: Sequence[Mapping[str, Any]], journeys: Iterable[Journey]) -> Iterator[str]:
    """A line for each journey that mixes questions: what it is read by, and where to ask that too."""
    for journey in journeys:
        asked = questions(entries, journey)
        counts = Counter(metric for metrics in asked.values() for metric in set(metrics))
        leads = journey.metric or max(counts, key=lambda key: (counts[key], key), default=None)
        beside = [touchpoint for touchpoint, metrics in asked.items() if leads not in metrics]
        if leads and beside:
            places = ", ".join(sorted(beside))
            yield (
                f"the journey {journey.key} is read by {leads}; {places} cannot be compared with the rest: ask {leads}"
                " there too [mixed_questions]"
            )
