"""A response rate that has fallen: fewer of those who are asked answer."""

from __future__ import annotations

from collector.signals.kinds.kind import Kind
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Silence(Kind):
    key = "silence"
    has_trend = False
    shares = ("before", "after")

    def name(self, say: Phrases) -> str:
        return say._("Response rate fallen")

    def when(self, say: Phrases) -> str:
        return say._("fewer of the customers who are asked answer within a week")

    def sentence(self, say: Phrases, row: Signal) -> str:
        return say._(
            "Of the customers asked at “%(place)s”, %(after)s have answered within a week since %(day)s, before %(before)s.",
            place=say.place(row.touchpoint),
            before=say.share(row.facts["before"]),
            after=say.share(row.facts["after"]),
            day=say.speaker.day(row.since),
        )

    def note(self, say: Phrases) -> str:
        return say._(
            "The first day was chosen because the rate looks lowest from there: it has fallen by less than it seems, after a few questions by much less, and its interval does not allow for that."
        )
