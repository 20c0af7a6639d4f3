"""One unhappy customer who wrote something: simply so."""

from __future__ import annotations

from collector.signals.kinds.kind import Kind
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Unhappy(Kind):
    key = "unhappy"
    is_of_one = True
    has_trend = False

    def name(self, say: Phrases) -> str:
        return say._("Unhappy customer")

    def when(self, say: Phrases) -> str:
        return say._("one unhappy customer has written something (ten a day at most)")

    def sentence(self, say: Phrases, row: Signal) -> str:
        return say._(
            "An unhappy customer wrote something at “%(place)s” (%(question)s: %(score)s).",
            place=say.place(row.touchpoint),
            question=say.question(row),
            score=say.speaker.number(row.facts["score"]),
        )
