"""XML from strangers: well formed, of modest size, without a document type and so without entities of its own.

A document type is what makes XML dangerous: entities that grow without end, and files fetched from elsewhere.
"""

from __future__ import annotations

from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from collector.errors import BadInput

MAX_BYTES = 1_000_000
MAX_DEPTH = 100


def parse(body: bytes) -> ElementTree.Element:
    """The root element; raises 422 ``unreadable_file`` for what is not XML, ``hostile_xml`` for a document type."""
    if len(body) > MAX_BYTES:
        raise BadInput("The file is larger than a megabyte.", "unreadable_file")
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise BadInput("The file is nested too deeply.", "hostile_xml")
        builder.start(_name(name), {_name(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_name(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.buffer_text = True
    try:
        parser.Parse(body, True)
        return builder.close()
    except expat.ExpatError as error:
        detail = f"This is no well-formed XML: {error}"
        raise BadInput(detail, "unreadable_file", {"file": [detail]}) from None


def _name(name: str) -> str:
    return "{" + name if "}" in name else name


def _refuse(*_declaration: object) -> NoReturn:
    raise BadInput("XML with a document type is not taken.", "hostile_xml", {"file": ["has a document type"]})
