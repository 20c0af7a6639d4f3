"""A handover that has worsened: the way from one touchpoint to the next costs more than it did."""

from __future__ import annotations

from collector.signals.kinds.weekly import Weekly
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Handover(Weekly):
    key = "handover"

    def name(self, say: Phrases) -> str:
        return say._("Handover worsened")

    def when(self, say: Phrases) -> str:
        return say._("the way from one touchpoint to the next has worsened in four weeks")

    def said(self, say: Phrases, value: float) -> str:
        return say.signed(value)

    def sentence(self, say: Phrases, row: Signal) -> str:
        return say._(
            "From “%(before)s” to “%(place)s” the score changes by %(lately)s since %(day)s, before by %(usual)s (%(question)s).",
            before=say.place(row.before),
            lately=say.with_n(say.signed(row.facts["lately"]["value"]), row.facts["lately"]),
            usual=say.with_n(say.signed(row.facts["usual"]["value"]), row.facts["usual"]),
            **self.common(say, row),
        )
