"""The move itself: the memory of all files first, then the answers, by the doors that any import goes through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from collector import clock, db, errors, journeys, responses, workspaces
from collector.exchange import actions, memory, workbooks
from collector.exchange.converting import Answer, Converter
from collector.exchange.mapping import Field, ResponseMapping, ScoreField, TimeField
from collector.exchange.reading import Read
from collector.exchange.tools import questions
from collector.exchange.tools.choices import Choices
from collector.exchange.tools.description import Tool
from collector.exchange.tools.looking import Look, look
from collector.exchange.tools.preparing import AT, CUSTOMER, EMAIL, ID, LOCALE, People, Preparer
from collector.exchange.tools.questions import Question
from collector.exchange.tools.telling import Moved, Placed, Sample, Taken

SHOWN = 3
"""First rows that a report shows."""


@dataclass(frozen=True)
class Move:
    """What stays the same from file to file."""

    session: Session
    workspace: workspaces.Workspace
    tool: Tool
    choices: Choices
    actor: str
    now: datetime
    read: Read = lambda _: None


def move(means: Move, paths: Sequence[Path]) -> Iterator[Moved]:
    """Take a tool's files; what has become of them so far after each batch, so that the caller can commit there.

    A mistake in what was said is refused before anything is taken. What stands already is left as it is: the same files
    again add nothing, and a move that was cut off is simply begun again.
    """
    looks = sorted(_looks(means, paths), key=lambda each: each.shape.holds_answers)
    people, moved = _people(looks), Moved(means.tool.name)
    works = [_File(means, each, people) for each in looks]
    moved.files = [work.taken for work in works]
    for work in works:
        for _ in work.remember():
            yield moved
    for work in works:
        for _ in work.answer():
            yield moved
    yield moved


def _looks(means: Move, paths: Sequence[Path]) -> Iterator[Look]:
    """A look at each file; a sheet that was named is that of the workbooks, of which there must be one."""
    sheet, books = means.choices.sheet, [path for path in paths if workbooks.is_one(path)]
    for path in paths:
        yield look(means.tool, path, sheet if path in books or not books else None)


def trial(means: Move, paths: Sequence[Path]) -> Moved:
    """The same taken back: what a move would do."""
    with means.session.begin_nested() as work:
        *_, moved = move(means, paths)
        work.rollback()
    return moved


class _File:
    """One file on its way in."""

    def __init__(self, means: Move, seen: Look, people: People) -> None:
        self.means, self.look, self.taken = (
            means,
            seen,
            Taken(seen.path.name, seen.shape.name, seen.shape.documentation),
        )
        self.preparer = Preparer(seen, means.choices, means.workspace.timezone, people)
        if seen.shape.holds_answers:
            asked = questions.found(means.tool.key, seen, means.choices)
            _check(means, seen, asked)
            self.taken.questions = [Placed(question, self._samples(question)) for question in asked]
        self._note_losses()
        if workbooks.is_one(seen.path):
            self.taken.unread = workbooks.unread(seen.path, seen.source.sheet)

    def remember(self) -> Iterator[None]:
        """Objections, bounces, consents and asks."""
        facts = self.preparer.facts(self.look.rows(self.means.read))
        while batch := list(islice(facts, memory.BATCH)):
            db.hold(self.means.session, "memory", self.means.workspace.workspace_id)
            memory.take(self.means.session, self.means.workspace, batch, self.means.now, self.taken.memory)
            yield

    def answer(self) -> Iterator[None]:
        """Answers, question by question; whoever gave several was asked once."""
        for number, placed in enumerate(self.taken.questions):
            mapping = self._mapping(placed.question, counts=number == 0)
            rows = self.preparer.answers(self.look.rows(self.means.read), placed.question)
            m = self.means
            for placed.report in actions.take_rows(
                m.session, m.workspace, self.look.path.name, rows, mapping, m.actor, m.now
            ):
                yield

    def _mapping(self, question: Question, counts: bool = True) -> ResponseMapping:
        shape, choices = self.look.shape, self.means.choices
        column = next(iter(self.look.named([choices.touchpoint_column or ""])), None)
        at_column = Field(column=column, unmapped="quarantine") if column else None
        attributes = {_slug(name): Field(column=name) for name in self.look.named(choices.attributes)}
        return ResponseMapping(
            name=question.source,
            metric=question.metric,
            touchpoint=at_column or Field(constant=question.touchpoint),
            occurred_at=TimeField(AT, shape.formats, self.look.timezone),
            id=(ID,),
            score=ScoreField(question.column, values=question.words, missing=shape.empty),
            comment=Field(question.comment, missing=shape.empty) if question.comment else None,
            fields={"customer": Field(CUSTOMER), "locale": Field(LOCALE)},
            attributes=attributes,
            counts_as_contact=counts and choices.counts_as_contact,
        )

    def _samples(self, question: Question) -> list[Sample]:
        """The first rows that are answers, as they are stored."""
        known = actions.known_to(self.means.session, self.means.workspace.workspace_id)
        converter = Converter(self._mapping(question), known, self.means.now, self.means.workspace.timezone)
        rows = self.preparer.answers(self.look.rows(), question)
        answers = (each for row in rows if isinstance(each := converter.convert(row), Answer))
        return [self._sample(each) for each in islice(answers, SHOWN)]

    def _sample(self, answer: Answer) -> Sample:
        customer = answer.fields.get("customer")
        masked = responses.masks(self.means.session, self.means.workspace.workspace_id)
        return Sample(
            number=answer.number,
            at=clock.iso(answer.occurred_at),
            touchpoint=answer.touchpoint,
            answer=answer.answer,
            comment=responses.kept(answer.comment, masked),
            customer=workspaces.pseudonym_of(self.means.workspace, customer) if customer else None,
            attributes=dict(answer.attributes),
        )

    def _note_losses(self) -> None:
        """Asked of the file: every column that says something and goes nowhere."""
        seen, choices = self.look, self.means.choices
        roles = ("id", "at", "customer", "email", "person", "kind", "locale")
        kept = {column for role in roles for column in seen.role(role)}
        kept |= set(seen.named([*choices.attributes, *choices.consents, *seen.shape.skip]))
        kept |= set(seen.named([choices.customer or "", choices.touchpoint_column or ""]))
        kept |= set(seen.named([name for fact in seen.shape.facts for name in fact.columns]))
        for placed in self.taken.questions:
            kept |= {placed.question.column, placed.question.comment or ""}
        self.taken.lost = {
            n: held.filled for n, held in seen.columns.items() if held.filled and n not in kept
        }
        if seen.shape.holds_answers and not seen.role("score"):
            self.taken.possible = [
                column for column in questions.candidates(seen) if column in self.taken.lost
            ]
        if seen.shape.holds_answers or any(fact.kind != "bounce" for fact in seen.shape.facts):
            prepared = (self.preparer.who(row) for row in seen.rows() if not row.broken)
            self.taken.by_address = sum(1 for who in prepared if who[EMAIL] and who[CUSTOMER] == who[EMAIL])

    def _unknown_kinds(self) -> dict[str, int]:
        """Rows that ask what no metric here asks."""
        kinds = self.look.role("kind") if not self.means.choices.questions else []
        found = {
            f"{kind}: {text}": count
            for kind in kinds
            for text, count in self.look.columns[kind].texts.items()
        }
        known = self.look.shape.metrics
        return {
            name: count for name, count in found.items() if name.partition(": ")[2].casefold() not in known
        }


def _people(looks: Sequence[Look]) -> dict[str, str]:
    """Whose a tool's own ids are, from the files that have both."""
    found = {}
    for seen in looks:
        people, emails = seen.role("person"), seen.role("email")
        for row in seen.rows() if people and emails else ():
            person, email = (row.columns.get(column, "").strip() for column in (people[0], emails[0]))
            if person and email:
                found[person] = email
    return found


def _check(means: Move, seen: Look, asked: Sequence[Question]) -> None:
    """Refuse answers that nobody has placed."""
    name = seen.path.name
    if not asked:
        listed = ", ".join(repr(column) for column in questions.candidates(seen)[:20]) or "none"
        raise errors.BadInput(
            f"{name}: no question with a score was found. Columns of whole numbers: {listed}. Say which one is what: COLUMN=METRIC.",
            "no_question",
            {"question": ["COLUMN=METRIC"]},
        )
    known = journeys.keys_of_touchpoints(means.session, means.workspace.workspace_id)
    if means.choices.touchpoint_column and seen.named([means.choices.touchpoint_column]):
        return
    for question in asked:
        if question.touchpoint not in known:
            listed = ", ".join(sorted(known)[:20]) or "none yet: apply a journey file first"
            raise errors.BadInput(
                f"{name}: “{question.wording}” needs the touchpoint that it is about. There are {listed}.",
                "unknown_touchpoint",
                {"touchpoint": ["unknown"] if question.touchpoint else ["missing"]},
            )


def _slug(column: str) -> str:
    """A column's name as an attribute's."""
    return journeys.free_key(column.rpartition(".")[2], (), "attribute").replace("-", "_")[:40]
