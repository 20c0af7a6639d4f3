"""XML from strangers, read by expat with everything turned off that could do harm.

A document type is refused at sight: it is what lets entities grow without end and fetches files from elsewhere. How
deep elements may stand in each other is bounded.
"""

from __future__ import annotations

from typing import NoReturn, Protocol
from xml.parsers import expat

MAX_DEPTH = 32

Place = tuple[int, int]
"""Line and column, both from 1."""


class NotTaken(Exception):
    """XML that is not read: ``code`` is ``not_xml``, ``doctype`` or ``too_deep``, with the place and words for people."""

    def __init__(self, code: str, why: str, place: Place) -> None:
        super().__init__(why)
        self.code, self.why, self.place = code, why, place


class Builder(Protocol):
    """Takes elements and texts in their order."""

    def start(self, name: str, attributes: dict[str, str], place: Place) -> object: ...

    def end(self, name: str) -> object: ...

    def data(self, text: str) -> object: ...


def read(body: bytes, builder: Builder, namespace_separator: str | None = None) -> None:
    """Give the document to a builder, element by element; raises ``NotTaken``."""
    parser = expat.ParserCreate(namespace_separator=namespace_separator)
    depth = 0

    def place() -> Place:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise NotTaken("too_deep", f"nested deeper than {MAX_DEPTH} levels", place())
        builder.start(name, attributes, place())

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def doctype(*_declaration: object) -> NoReturn:
        raise NotTaken("doctype", "a DOCTYPE is not taken (it can define entities)", place())

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = builder.data, doctype
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        why = f"not well-formed XML: {expat.errors.messages[error.code]}"
        raise NotTaken("not_xml", why, (error.lineno, error.offset + 1)) from None
