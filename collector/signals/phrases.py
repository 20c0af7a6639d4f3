"""The parts of a sentence that all kinds of signals share: places, shares, questions, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collector.journeys import BY_KEY
from collector.kpis import METRICS
from collector.locale import Speaker
from collector.signals.models import Signal


@dataclass(frozen=True)
class Phrases:
    """Says parts of sentences; ``names`` are those of touchpoints, by key."""

    speaker: Speaker
    names: Mapping[str, str]

    def _(self, message: str, **values: object) -> str:
        said = self.speaker.gettext(message)
        return said % values if values else said

    def place(self, key: str | None) -> str:
        return self.names.get(key or "", key or "")

    def channel(self, key: str) -> str:
        return self._(BY_KEY[key].name) if key in BY_KEY else key

    def question(self, row: Signal) -> str:
        return self._(METRICS[row.metric].name) if row.metric in METRICS else row.metric or ""

    def percent(self, value: float | None) -> str:
        return self.speaker.percent(None if value is None else value / 100)

    def share(self, facts: Mapping[str, Any]) -> str:
        """A share with its number of answers: ``45 % (n 33)``."""
        return self.with_n(self.percent(facts["share"]), facts)

    def with_n(self, figure: str, facts: Mapping[str, Any]) -> str:
        """A figure with its number of answers; of a way from one touchpoint to another, those at both."""
        n = [self.speaker.number(each) for each in facts.get("sides", [facts["n"]])]
        if len(n) > 1:
            return self._("%(figure)s (n %(first)s and %(second)s)", figure=figure, first=n[0], second=n[1])
        return self._("%(figure)s (n %(n)s)", figure=figure, n=n[0])

    def signed(self, value: float) -> str:
        """A change with its sign."""
        sign = "−" if value < 0 else "+" if value > 0 else ""
        return sign + self.speaker.number(abs(value), 1)

    def certainty(self, facts: Mapping[str, Any]) -> str:
        """``n 61, 95 % interval 30 % to 54 %``."""
        return self._(
            "n %(n)s, 95%% interval %(low)s to %(high)s",
            n=self.speaker.number(facts["n"]),
            low=self.percent(facts["low"]),
            high=self.percent(facts["high"]),
        )
