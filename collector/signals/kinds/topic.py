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
            "Customers write about something new at “%(place)s”: “%(topic)s” (%(people)s in 28 days, nobody in the 84 before).",
            place=say.place(row.touchpoint),
            topic=row.facts.get("name", ""),
            people=self.people(say, row),
        )

    def people(self, say: Phrases, row: Signal) -> str:
        """How many wrote it, and of how many."""
        n, wrote = say.speaker.number(row.facts.get("n")), row.facts.get("wrote")
        return say._("%(n)s of %(all)s people", n=n, all=say.speaker.number(wrote)) if wrote else n

    def figures(self, say: Phrases, row: Signal) -> Iterable[Line]:
        number = say.speaker.number
        nobody = say._("in 28 days, and nobody in the 84 days before")
        yield say._("People who wrote it"), number(row.facts.get("n")), nobody
        yield say._("Unhappy ones among them"), number(row.facts.get("unhappy")), ""

    def comments(self, row: Signal) -> str | None:
        days = f"from={row.facts['from']}&to={row.facts['to']}"
        return f"/topics?touchpoint={row.touchpoint}&{days}&topic={row.facts['topic_id']}"
