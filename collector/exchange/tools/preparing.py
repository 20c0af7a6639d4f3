"""A tool's row with what a mapping asks for put into columns of our own names, and what it says for the memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from collector import clock
from collector.exchange import converting, moments
from collector.exchange.reading import Row
from collector.exchange.tools.choices import Choices
from collector.exchange.tools.description import Fact
from collector.exchange.tools.looking import Look
from collector.exchange.tools.questions import Question

ID, AT, CUSTOMER, EMAIL, LOCALE = "@id", "@at", "@customer", "@email", "@locale"
YES = {"1", "true", "yes", "y", "on", "checked", "accepted", "ja", "oui", "si", "sí"}
People = Mapping[str, str]
"""A tool's own id of somebody -> their address, as another of its files tells."""


@dataclass(frozen=True)
class Preparer:
    """Prepares the rows of one file."""

    look: Look
    choices: Choices
    zone: str
    people: People = field(default_factory=dict)

    def answers(self, rows: Iterator[Row], question: Question) -> Iterator[Row]:
        """Every row with our columns; one that is no answer to this question is set aside with its reason."""
        for row in rows:
            yield row if row.broken else self._answer(row, question)

    def facts(self, rows: Iterator[Row]) -> Iterator[tuple[int, dict[str, str]]]:
        """What each row says for the memory."""
        for row in rows:
            if not row.broken:
                for fact in self._facts(row):
                    yield row.number, fact

    def _answer(self, row: Row, question: Question) -> Row:
        known = self._known(row)
        aside = None
        if self._is_skipped(row):
            aside = "not_a_customers"
        elif not all(row.columns.get(column, "").strip() in texts for column, texts in question.only.items()):
            aside = "another_question"
        blank = dict.fromkeys(self.look.columns, "")
        return replace(row, columns={**blank, **row.columns, **known}, aside=aside)

    def _known(self, row: Row) -> dict[str, str]:
        at, own = self._first(row, self.look.role("at")), self._first(row, self.look.role("id"))
        if self.look.shape.counted and own:
            own = f"{own} {at}"
        locale = self._first(row, self.look.role("locale"))
        locale = locale if converting.LOCALE.match(locale) else ""
        return {ID: own, AT: at, LOCALE: locale, **self.who(row)}

    def who(self, row: Row) -> dict[str, str]:
        """Your own id where the file or your list has it, else the address."""
        person = self._first(row, self.look.role("person"))
        email = self._first(row, self.look.role("email")) or self.people.get(person, "")
        named = (
            self.look.named([self.choices.customer]) if self.choices.customer else self.look.role("customer")
        )
        listed = self.choices.customers.get(email.casefold()) or self.choices.customers.get(person.casefold())
        return {CUSTOMER: self._first(row, named) or listed or email, EMAIL: email}

    def _is_skipped(self, row: Row) -> bool:
        skip = self.look.shape.skip
        return any(self._holds(row, name, texts) for name, texts in skip.items())

    def _facts(self, row: Row) -> Iterator[dict[str, str]]:
        if self._is_skipped(row):
            return
        who = self.who(row)
        for fact in self.look.shape.facts:
            holds = all(self._holds(row, name, texts) for name, texts in fact.when.items())
            if holds and not any(self._holds(row, name, texts) for name, texts in fact.unless.items()):
                yield from self._fact(row, fact, who)
        for name, channel in self.choices.consents.items():
            for column in self.look.named([name]):
                yield from self._consent(row, column, channel, who)

    def _fact(self, row: Row, fact: Fact, who: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """An objection holds for the customer and, as it came by e-mail, for the address too."""
        at = self._time(self._first(row, self.look.named(fact.at)))
        address = {"channel": "email", "address": who[EMAIL], "at": at}
        if fact.kind != "bounce":
            answered = any(self._holds(row, name, ()) for name in fact.answered)
            outcome = "answered" if answered else "ignored"
            yield {"kind": fact.kind, "customer": who[CUSTOMER], "at": at, "outcome": outcome}
        if fact.kind in {"bounce", "opt_out"} and who[EMAIL]:
            yield {"kind": "bounce", **address}

    def _consent(
        self, row: Row, column: str, channel: str, who: Mapping[str, str]
    ) -> Iterator[dict[str, str]]:
        """The column's wording is what somebody agreed to."""
        if row.columns.get(column, "").strip().casefold() in YES and who[CUSTOMER]:
            yield {
                "kind": "consent",
                "customer": who[CUSTOMER],
                "channel": channel,
                "at": self._time(self._first(row, self.look.role("at"))),
                "text_version": self.look.wording(column),
                "source": self.look.path.name,
            }

    def _time(self, text: str) -> str:
        zone = self.look.timezone or self.zone
        read = (moments.read(text, form, zone) for form in self.look.shape.formats)
        moment = next(filter(None, read), None) if text else None
        return clock.iso(moment) if moment else text

    def _holds(self, row: Row, name: str, texts: Sequence[str]) -> bool:
        """Whether the column holds one of these texts; with none given, anything that says something."""
        text = self._first(row, self.look.named([name])).casefold()
        return text in {each.casefold() for each in texts} if texts else bool(text)

    def _first(self, row: Row, columns: Sequence[str]) -> str:
        texts = (row.columns.get(column, "").strip() for column in columns)
        return next((text for text in texts if text and text not in self.look.shape.empty), "")
