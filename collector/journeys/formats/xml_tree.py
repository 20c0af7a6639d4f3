"""XML as a small tree that remembers lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from collector import xml_reading
from collector.journeys.formats.draft import Draft
from collector.yaml_marks import Place


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


class _Tree:
    """Builds the tree under a root without a name."""

    def __init__(self) -> None:
        self.stack = [Element("", {}, (1, 1))]

    def start(self, name: str, attributes: dict[str, str], place: Place) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        self.stack.append(Element(name.rpartition(":")[2], plain, place))

    def end(self, name: str) -> None:
        element = self.stack.pop()
        self.stack[-1].children.append(element)

    def data(self, text: str) -> None:
        self.stack[-1].text += text


def parse(text: str, draft: Draft) -> Element:
    """The root element; raises FileError with the line of what is not well-formed or not taken."""
    tree = _Tree()
    try:
        xml_reading.read(text.encode(), tree)
    except xml_reading.NotTaken as refused:
        draft.refuse(refused.place, "", refused.code, refused.why)
    return tree.stack[0].children[0]
