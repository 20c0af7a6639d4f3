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
            before=say.share(row.facts["before"]),
            after=say.share(row.facts["after"]),
            day=say.speaker.day(row.since),
            question=say.question(row),
        )

    def note(self, say: Phrases) -> str:
        return say._(
            "The first day was chosen because the fall shows most from there: it looks larger than it is, after a few answers much larger, and its interval does not allow for that. How much has changed is told by the answers that come after."
        )
