"""XML as a small tree that remembers lines, read by expat with everything turned off that could do harm.

A DOCTYPE is refused at sight, so there are no entities to expand and nothing is ever fetched; depth is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from collector.journeys.formats.draft import Draft
from collector.yaml_marks import Place

MAX_DEPTH = 32


@dataclass
class Element:
    """One element, its name without prefix."""

    name: str
    attributes: dict[str, str]
    place: Place
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """The children of a name."""
        return (child for child in self.children if child.name == name)

    def find(self, *path: str) -> Element | None:
        """The first element at a path below this one."""
        found: Element | None = self
        for name in path:
            found = next(found.all(name), None) if found else None
        return found

    def words(self, *path: str) -> str:
        """The text at a path, in one line; empty where there is none."""
        found = self.find(*path)
        return " ".join(found.text.split()) if found else ""


def parse(text: str, draft: Draft) -> Element:
    """The root element; raises FileError with the line of what is not well-formed or not taken."""
    parser = expat.ParserCreate()
    stack: list[Element] = [Element("", {}, (1, 1))]

    def place() -> Place:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > MAX_DEPTH:
            draft.refuse(place(), "", "too_deep", f"nested deeper than {MAX_DEPTH} levels")
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        stack.append(Element(name.rpartition(":")[2], plain, place()))

    def end(_name: str) -> None:
        element = stack.pop()
        stack[-1].children.append(element)

    def data(part: str) -> None:
        stack[-1].text += part

    def doctype(*_what: object) -> None:
        draft.refuse(place(), "", "doctype", "a DOCTYPE is not taken (it can define entities)")

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data, doctype
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        message = f"not well-formed XML: {expat.errors.messages[error.code]}"
        draft.refuse((error.lineno, error.offset + 1), "", "not_xml", message)
    return stack[0].children[0]
