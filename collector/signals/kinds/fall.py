"""A fall over time: the unhappy answers to a question have become more."""

from __future__ import annotations

from collector.signals.kinds.kind import Kind
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Fall(Kind):
    key = "fall"
    shares = ("before", "after")

    def name(self, say: Phrases) -> str:
        return say._("Fall over time")

    def when(self, say: Phrases) -> str:
        return say._("the unhappy answers to a question become more")

    def sentence(self, say: Phrases, row: Signal) -> str:
        return say._(
            "Unhappy answers at “%(place)s” have risen from %(before)s to %(after)s since %(day)s (%(question)s).",
            place=say.place(row.touchpoint),
            before=say.percent(row.facts["before"]["share"]),
            after=say.percent(row.facts["after"]["share"]),
            day=say.speaker.day(row.since),
            question=say.question(row),
        )
