"""Signals in one sentence each, in the reader's language: for pages, messages and calls alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from collector.journeys import BY_KEY
from collector.kpis import METRICS
from collector.locale import Speaker
from collector.signals.models import Signal

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Sentences:
    """Says signals; ``names`` are those of touchpoints, by key."""

    speaker: Speaker
    names: Mapping[str, str]

    def _(self, message: str, **values: object) -> str:
        said = self.speaker.gettext(message)
        return said % values if values else said

    def of(self, row: Signal) -> str:
        """What happened, in one sentence."""
        say: dict[str, Callable[[Signal], str]] = {
            "fall": self._fall,
            "part": self._part,
            "unhappy": self._unhappy,
            "topic": self._topic,
        }
        return say[row.rule](row)

    def figures(self, row: Signal) -> list[tuple[str, str, str]]:
        """What it rests on: title, figure, and with how much certainty."""
        titles = (
            ("before", self._("Before")),
            ("after", self._("Since then")),
            ("part", self._("Unhappy here")),
            ("rest", self._("Unhappy elsewhere")),
        )
        found = []
        for when, title in titles:
            if facts := row.facts.get(when):
                found.append((title, self._percent(facts["share"]), self._certainty(facts)))
        if row.metric in METRICS:
            found.append((self._("Question"), self._question(row), ""))
        return found

    def when(self, rule: str) -> str:
        """What a rule looks out for, to be read after "tell when"."""
        names = {
            "fall": self._("the unhappy answers to a question become more"),
            "part": self._("one channel or group of customers is unhappier than the others"),
            "unhappy": self._("one unhappy customer has written something (ten a day at most)"),
            "topic": self._("customers write about something new"),
        }
        return names.get(rule, rule)

    def happened(self, verb: str) -> str:
        """What the record says of a signal, in words."""
        verbs = {
            "raised": self._("raised it"),
            "knew": self._("marked it as known"),
            "recovered": self._("it has recovered"),
            "stayed": self._("it has stayed, and is the usual by now"),
        }
        return verbs.get(verb, verb)

    def rule(self, rule: str) -> str:
        """What a kind of signal is called."""
        names = {
            "fall": self._("Fall over time"),
            "part": self._("A part apart"),
            "unhappy": self._("Unhappy customer"),
            "topic": self._("New topic"),
        }
        return names.get(rule, rule)

    def expected(self, row: Signal) -> str:
        """How often the rule is wrong by chance."""
        per_year = row.facts.get("per_year")
        if not per_year:
            return self._("This is simply so: it cannot be a false alarm.")
        return self._(
            "Where nothing changes, this rule is wrong %(number)s times a year at this touchpoint at most.",
            number=self.speaker.number(per_year, 2),
        )

    def _certainty(self, facts: Facts) -> str:
        """``n 61, 95 % interval 30 % to 54 %``."""
        return self._(
            "n %(n)s, 95%% interval %(low)s to %(high)s",
            n=self.speaker.number(facts["n"]),
            low=self._percent(facts["low"]),
            high=self._percent(facts["high"]),
        )

    def place(self, key: str | None) -> str:
        return self.names.get(key or "", key or "")

    def channel(self, key: str) -> str:
        return self._(BY_KEY[key].name) if key in BY_KEY else key

    def _fall(self, row: Signal) -> str:
        return self._(
            "Unhappy answers at “%(place)s” have risen from %(before)s to %(after)s since %(day)s (%(question)s).",
            place=self.place(row.touchpoint),
            before=self._percent(row.facts["before"]["share"]),
            after=self._percent(row.facts["after"]["share"]),
            day=self.speaker.day(row.since),
            question=self._question(row),
        )

    def _part(self, row: Signal) -> str:
        return self._(
            "At “%(place)s”, %(part)s of %(which)s are unhappy, of the others %(rest)s (%(question)s).",
            place=self.place(row.touchpoint),
            part=self._percent(row.facts["part"]["share"]),
            which=self.part(row),
            rest=self._percent(row.facts["rest"]["share"]),
            question=self._question(row),
        )

    def part(self, row: Signal) -> str:
        """The channel or group of customers that a signal is about: ``Phone``, ``tariff = L``."""
        (dimension, value), *_more = row.facts["of"].items()
        if dimension == "channel":
            return self.channel(value)
        name = dimension.partition(".")[2] or self._("persona")
        return f"{name} = {value}"

    def _unhappy(self, row: Signal) -> str:
        return self._(
            "An unhappy customer wrote something at “%(place)s” (%(question)s: %(score)s).",
            place=self.place(row.touchpoint),
            question=self._question(row),
            score=self.speaker.number(row.facts["score"]),
        )

    def _topic(self, row: Signal) -> str:
        return self._(
            "Customers write about something new at “%(place)s”: “%(topic)s” (%(n)s comments).",
            place=self.place(row.touchpoint),
            topic=row.facts.get("name", ""),
            n=self.speaker.number(row.facts.get("n")),
        )

    def _question(self, row: Signal) -> str:
        return self._(METRICS[row.metric].name) if row.metric in METRICS else row.metric or ""

    def _percent(self, value: float | None) -> str:
        return self.speaker.percent(None if value is None else value / 100)
