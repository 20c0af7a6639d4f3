"""Signals in one sentence each, in the reader's language: for pages, messages and calls alike."""

from __future__ import annotations

from dataclasses import replace

from collector.kpis import METRICS
from collector.signals import rules
from collector.signals.kinds import KINDS
from collector.signals.kinds.kind import Line
from collector.signals.models import Signal
from collector.signals.phrases import Phrases

TITLE, LONGEST = 200, 100


class Sentences(Phrases):
    """Says signals of every kind."""

    def of(self, row: Signal) -> str:
        """What happened, in one sentence."""
        return KINDS[row.rule].sentence(self, row)

    def figures(self, row: Signal) -> list[Line]:
        """What it rests on: title, figure, and with how much certainty."""
        asked = [(self._("Question"), self.question(row), "")] if row.metric in METRICS else []
        return [*KINDS[row.rule].figures(self, row), *asked]

    def when(self, rule: str) -> str:
        """What a rule looks out for, to be read after "tell when"."""
        return KINDS[rule].when(self)

    def rule(self, rule: str) -> str:
        """What a kind of signal is called."""
        return KINDS[rule].name(self)

    def note(self, row: Signal) -> str:
        """What its intervals hold, and whether anything was chosen by what was said."""
        return KINDS[row.rule].note(self)

    def title(self, row: Signal) -> str:
        """The same sentence as what is made of it is called: where it is too long, the names of places give way."""
        said, most = self.of(row), LONGEST
        while len(said) > TITLE and most:
            most -= 4
            said = replace(self, names={key: _cut(name, most) for key, name in self.names.items()}).of(row)
        return said[:TITLE]

    def comments(self, row: Signal) -> str | None:
        """The page that has all comments which it is about; None where it is about none."""
        return KINDS[row.rule].comments(row)

    def happened(self, verb: str) -> str:
        """What the record says of a signal, in words."""
        verbs = {
            "raised": self._("raised it"),
            "knew": self._("marked it as known"),
            "recovered": self._("it has recovered"),
            "stayed": self._("it has stayed, and is the usual by now"),
        }
        return verbs.get(verb, verb)

    def expected(self, row: Signal) -> str:
        """How often the rule is wrong by chance."""
        per_year = row.facts.get("per_year")
        if not per_year:
            return self._("This is simply so: it cannot be a false alarm.")
        return self.wrong(per_year)

    def budget(self, rule: str, per_year: float) -> str:
        """How often a rule is wrong on average, at most, where a touchpoint may have so many false alarms a year."""
        share = rules.allowed(rule, per_year)
        if share is None:
            return self._("simply so")
        return self._(
            "on average wrong at most %(number)s times a year", number=self.speaker.number(share, 2)
        )

    def wrong(self, per_year: float) -> str:
        """The same of a rule, as a number a year."""
        return self._(
            "Where nothing changes, this rule is on average wrong at most %(number)s times a year at this touchpoint.",
            number=self.speaker.number(per_year, 2),
        )


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else name[:most].rstrip() + "…"
