"""A part apart: one channel or group of customers is unhappier than the others."""

from __future__ import annotations

from collector.signals.kinds.kind import Kind
from collector.signals.models import Signal
from collector.signals.phrases import Phrases


class Part(Kind):
    key = "part"
    shares = ("part", "rest")

    def name(self, say: Phrases) -> str:
        return say._("A part apart")

    def when(self, say: Phrases) -> str:
        return say._("one channel or group of customers is unhappier than the others")

    def sentence(self, say: Phrases, row: Signal) -> str:
        return say._(
            "At “%(place)s”, %(part)s of %(which)s are unhappy, of the others %(rest)s (%(question)s).",
            place=say.place(row.touchpoint),
            part=say.share(row.facts["part"]),
            which=self.which(say, row),
            rest=say.share(row.facts["rest"]),
            question=say.question(row),
        )

    def note(self, say: Phrases) -> str:
        return say._(
            "It is told because it stood out among the parts of this touchpoint: the difference looks larger than it is, and the intervals, each of one side by itself, do not allow for that."
        )

    def which(self, say: Phrases, row: Signal) -> str:
        """The channel or group of customers that it is about: ``Phone``, ``tariff = L``."""
        (dimension, value), *_more = row.facts["of"].items()
        if dimension == "channel":
            return say.channel(value)
        name = dimension.partition(".")[2] or say._("persona")
        return f"{name} = {value}"

    def title(self, say: Phrases, name: str) -> str:
        return say._("Unhappy here") if name == "part" else say._("Unhappy elsewhere")
