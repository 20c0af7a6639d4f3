"""An answer flood: many more answers on one day than the days before explain."""

from __future__ import annotations

from collections.abc import Iterable

from collector.signals.kinds.kind import Kind, Line
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Flood(Kind):
    key = "flood"
    has_trend = False

    def name(self, say: Phrases) -> str:
        return say._("Answer flood")

    def when(self, say: Phrases) -> str:
        return say._("many more answers come in a day than the weeks before explain")

    def sentence(self, say: Phrases, row: Signal) -> str:
        return say._(
            "At “%(place)s” %(n)s answers came on %(day)s, where %(expected)s were to be expected, and %(most)s at most.",
            place=say.place(row.touchpoint),
            n=say.speaker.number(row.facts["n"]),
            day=say.speaker.day(row.since),
            expected=say.speaker.number(row.facts["expected"], 1),
            most=say.speaker.number(row.facts["most"]),
        )

    def figures(self, say: Phrases, row: Signal) -> Iterable[Line]:
        facts, number = row.facts, say.speaker.number
        yield say._("Answers that day, so far"), number(facts["n"]), ""
        most = say._("%(most)s at most, as the weeks before varied", most=number(facts["most"]))
        yield say._("Expected"), number(facts["expected"], 1), most
