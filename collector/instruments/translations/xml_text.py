"""A file of translators as an element tree: well formed, of modest size, and nothing that could do harm."""

from __future__ import annotations

from xml.etree import ElementTree

from collector import xml_reading
from collector.errors import BadInput

MAX_BYTES = 1_000_000


class _Builder(ElementTree.TreeBuilder):
    """The standard library's builder, with namespaces as ``{namespace}name``."""

    def start(
        self, name: str, attributes: dict[str, str], place: xml_reading.Place = (1, 1)
    ) -> ElementTree.Element:
        return super().start(_name(name), {_name(key): value for key, value in attributes.items()})

    def end(self, name: str) -> ElementTree.Element:
        return super().end(_name(name))


def parse(body: bytes) -> ElementTree.Element:
    """The root element; raises 422 ``unreadable_file`` for what is not XML, ``hostile_xml`` for what is not taken."""
    if len(body) > MAX_BYTES:
        raise BadInput("The file is larger than a megabyte.", "unreadable_file")
    builder = _Builder()
    try:
        xml_reading.read(body, builder, namespace_separator="}")
    except xml_reading.NotTaken as refused:
        line, column = refused.place
        detail = f"Line {line}, column {column}: {refused.why}."
        code = "unreadable_file" if refused.code == "not_xml" else "hostile_xml"
        raise BadInput(detail, code, {"file": [detail]}) from None
    return builder.close()


def _name(name: str) -> str:
    return "{" + name if "}" in name else name
