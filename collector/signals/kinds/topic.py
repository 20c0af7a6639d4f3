"""A new topic: customers write about something that nobody wrote about before."""

from __future__ import annotations

from collector.signals.kinds.kind import Kind
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Topic(Kind):
    key = "topic"
    has_trend = False

    def name(self, say: Phrases) -> str:
        return say._("New topic")

    def when(self, say: Phrases) -> str:
        return say._("customers write about something new")

    def sentence(self, say: Phrases, row: Signal) -> str:
        return say._(
            "Customers write about something new at “%(place)s”: “%(topic)s” (%(n)s comments).",
            place=say.place(row.touchpoint),
            topic=row.facts.get("name", ""),
            n=say.speaker.number(row.facts.get("n")),
        )
