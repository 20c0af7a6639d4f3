"""A slow drift: the weeks' figure is lower than in the weeks before, by little and little."""

from __future__ import annotations

from collector.signals.kinds.weekly import Weekly
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Drift(Weekly):
    key = "drift"

    def name(self, say: Phrases) -> str:
        return say._("Slow drift")

    def when(self, say: Phrases) -> str:
        return say._("a score drifts down over weeks, by little and little")

    def sentence(self, say: Phrases, row: Signal) -> str:
        return say._(
            "The score at “%(place)s” has drifted from %(usual)s to %(lately)s since %(day)s (%(question)s).",
            lately=say.with_n(self.said(say, row.facts["lately"]["value"]), row.facts["lately"]),
            usual=say.with_n(self.said(say, row.facts["usual"]["value"]), row.facts["usual"]),
            **self.common(say, row),
        )
