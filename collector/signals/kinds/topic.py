"""A new topic: customers write about something that nobody wrote about before."""

from __future__ import annotations

from collections.abc import Iterable

from collector.signals.kinds.kind import Kind, Line
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

    def figures(self, say: Phrases, row: Signal) -> Iterable[Line]:
        number = say.speaker.number
        nobody = say._("in 28 days, and nobody in the 84 days before")
        yield say._("People who wrote it"), number(row.facts.get("n")), nobody
        yield say._("Unhappy ones among them"), number(row.facts.get("unhappy")), ""

    def comments(self, row: Signal) -> str | None:
        days = f"from={row.facts['from']}&to={row.facts['to']}"
        return f"/topics?touchpoint={row.touchpoint}&{days}&topic={row.facts['topic_id']}"
