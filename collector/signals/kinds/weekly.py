"""What kinds that compare weeks with weeks have in common: the figure of both."""

from __future__ import annotations

from collections.abc import Iterable

from collector.signals.kinds.kind import Kind, Line
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Weekly(Kind):
    """A kind whose facts are the figure ``lately`` and in the weeks before (``usual``)."""

    def figures(self, say: Phrases, row: Signal) -> Iterable[Line]:
        for name, title in (("usual", say._("Before")), ("lately", say._("In the last four weeks"))):
            facts = row.facts[name]
            n = say._("n %(n)s", n=say.speaker.number(facts["n"]))
            yield title, self.said(say, facts["value"]), n

    def said(self, say: Phrases, value: float) -> str:
        """The figure as its sentence says it."""
        return say.speaker.number(value, 1)

    def common(self, say: Phrases, row: Signal) -> dict[str, str]:
        """What their sentences share."""
        question, day = say.question(row), say.speaker.day(row.since)
        return {"place": say.place(row.touchpoint), "day": day, "question": question}
