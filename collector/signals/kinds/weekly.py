"""What kinds that compare weeks with weeks have in common: the figure of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from collector.signals.kinds.kind import Kind, Line
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Weekly(Kind):
    """A kind whose facts are the figure ``lately`` and in the weeks before (``usual``)."""

    def figures(self, say: Phrases, row: Signal) -> Iterable[Line]:
        for name, title in (("usual", say._("Before")), ("lately", say._("In the last four weeks"))):
            facts = row.facts[name]
            yield title, say.with_n(self.said(say, facts["value"]), facts), self.bounds(say, facts)
        if change := row.facts.get("change"):
            yield say._("Change"), say.signed(change["value"]), self.bounds(say, change, signed=True)

    def bounds(self, say: Phrases, facts: Mapping[str, Any], signed: bool = False) -> str:
        """The interval of a figure, where it was kept with one."""
        if "low" not in facts:
            return ""
        low, high = (
            say.signed(facts[end]) if signed else self.said(say, facts[end]) for end in ("low", "high")
        )
        return say._("95%% interval %(low)s to %(high)s", low=low, high=high)

    def note(self, say: Phrases) -> str:
        return say._(
            "No day was chosen by what was said: the calendar sets the weeks. But it is told only where it stands out, so the change is given smaller than it was seen, with an interval that allows for that. The two intervals above it are each of one figure by itself."
        )

    def said(self, say: Phrases, value: float) -> str:
        """The figure as its sentence says it."""
        return say.speaker.number(value, 1)

    def common(self, say: Phrases, row: Signal) -> dict[str, str]:
        """What their sentences share."""
        question, day = say.question(row), say.speaker.day(row.since)
        return {"place": say.place(row.touchpoint), "day": day, "question": question}
