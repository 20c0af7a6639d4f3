"""A kind of signal: what it is called, what it looks out for, and how one of it is said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from collector.signals.models import Signal
from collector.signals.phrases import Phrases

Line = tuple[str, str, str]
"""A title, a figure, and with how much certainty."""


class Kind:
    """One kind; ``is_of_one`` tells of a single customer, ``has_trend`` of a figure that can be drawn over time."""

    key: ClassVar[str]
    is_of_one: ClassVar[bool] = False
    has_trend: ClassVar[bool] = True
    shares: ClassVar[tuple[str, ...]] = ()
    """Facts that are shares with their interval, in the order in which they are shown."""

    def name(self, say: Phrases) -> str:
        """What it is called."""
        raise NotImplementedError

    def when(self, say: Phrases) -> str:
        """What it looks out for, to be read after "tell when"."""
        raise NotImplementedError

    def sentence(self, say: Phrases, row: Signal) -> str:
        """What happened."""
        raise NotImplementedError

    def figures(self, say: Phrases, row: Signal) -> Iterable[Line]:
        """What it rests on."""
        for name in self.shares:
            if facts := row.facts.get(name):
                yield self.title(say, name), say.percent(facts["share"]), say.certainty(facts)

    def title(self, say: Phrases, name: str) -> str:
        """What one of its shares is called."""
        return {"before": say._("Before"), "after": say._("From then until it was noticed")}.get(name, name)

    def note(self, say: Phrases) -> str:
        """What its intervals hold, and whether anything was chosen by what was said."""
        return ""

    def comments(self, row: Signal) -> str | None:
        """The page that has all comments which it is about; None where it is about none."""
        return None
