"""Translations as XLIFF 1.2 or 2.0 (OASIS); both are read by the version they name."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from collector.errors import BadInput
from collector.instruments.translations import xml_text
from collector.instruments.translations.exchange import Exchange, Loss, Unit

NAMESPACES = {
    "1.2": "urn:oasis:names:tc:xliff:document:1.2",
    "2.0": "urn:oasis:names:tc:xliff:document:2.0",
}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
UNSURE = {
    "needs-adaptation",
    "needs-l10n",
    "needs-review-adaptation",
    "needs-review-l10n",
    "needs-review-translation",
    "needs-translation",
    "new",
    "initial",
}
"""States in which a translator has not finished a text."""


def write(exchange: Exchange, version: str = "2.0") -> bytes:
    """The file for the translator."""
    root = _new(exchange) if version == "2.0" else _old(exchange)
    ElementTree.indent(root)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def read(body: bytes) -> tuple[Exchange, list[Loss]]:
    """What a translator sent back, and what is lost on the way; raises 422 ``unreadable_file`` or ``hostile_xml``."""
    root = xml_text.parse(body)
    version = root.get("version", "")
    namespace = NAMESPACES.get("2.0" if version.startswith("2.") else version)
    if root.tag != f"{{{namespace}}}xliff":
        detail = "This is no XLIFF of version 1.2 or 2.x."
        raise BadInput(detail, "unreadable_file", {"file": [detail]})
    return _read_old(root) if version == "1.2" else _read_new(root)


def _old(exchange: Exchange) -> Element:
    root = Element("xliff", version="1.2", xmlns=NAMESPACES["1.2"])
    head = {"original": exchange.template, "datatype": "plaintext"}
    languages = {"source-language": exchange.source, "target-language": exchange.target}
    body = SubElement(SubElement(root, "file", head | languages), "body")
    for unit in exchange.units:
        node = SubElement(body, "trans-unit", {"id": unit.name, SPACE: "preserve"})
        SubElement(node, "source").text = unit.source
        state = "translated" if unit.target else "needs-translation"
        SubElement(node, "target", state=state).text = unit.target
        if unit.note:
            SubElement(node, "note").text = unit.note
    return root


def _new(exchange: Exchange) -> Element:
    languages = {"srcLang": exchange.source, "trgLang": exchange.target}
    root = Element("xliff", {"version": "2.0", "xmlns": NAMESPACES["2.0"], **languages})
    file = SubElement(root, "file", id=exchange.template)
    for unit in exchange.units:
        node = SubElement(file, "unit", {"id": unit.name, "name": unit.name, SPACE: "preserve"})
        if unit.note:
            SubElement(SubElement(node, "notes"), "note").text = unit.note
        segment = SubElement(node, "segment", state="translated" if unit.target else "initial")
        SubElement(segment, "source").text = unit.source
        SubElement(segment, "target").text = unit.target
    return root


def _read_old(root: Element) -> tuple[Exchange, list[Loss]]:
    space = f"{{{NAMESPACES['1.2']}}}"
    file = _only(root, f"{space}file")
    units, losses = [], []
    for node in file.iter(f"{space}trans-unit"):
        name, target = node.get("id", ""), node.find(f"{space}target")
        state = target.get("state", "") if target is not None else ""
        unit, lost = _unit(name, node.find(f"{space}source"), target, state)
        units.append(unit)
        losses += lost
    languages = (file.get("source-language", ""), file.get("target-language", ""))
    return Exchange(file.get("original", ""), *languages, tuple(units)), losses


def _read_new(root: Element) -> tuple[Exchange, list[Loss]]:
    space = f"{{{NAMESPACES['2.0']}}}"
    file = _only(root, f"{space}file")
    units, losses = [], []
    for node in file.iter(f"{space}unit"):
        name = node.get("name") or node.get("id") or ""
        segments = node.findall(f"{space}segment")
        if len(segments) != 1:
            losses.append(Loss(name, "split", f"is split into {len(segments)} segments; it must stay one"))
            continue
        source, target = segments[0].find(f"{space}source"), segments[0].find(f"{space}target")
        unit, lost = _unit(name, source, target, segments[0].get("state", ""))
        units.append(unit)
        losses += lost
    return Exchange(
        file.get("id", ""), root.get("srcLang", ""), root.get("trgLang", ""), tuple(units)
    ), losses


def _unit(name: str, source: Element | None, target: Element | None, state: str) -> tuple[Unit, list[Loss]]:
    text = _text(target)
    losses = []
    if text and state in UNSURE:
        losses.append(Loss(name, "unfinished", f"is in the state {state}"))
        text = ""
    elif text and target is not None and len(target):
        losses.append(Loss(name, "markup", "holds inline markup; only its text was taken"))
    return Unit(name, _text(source), text), losses


def _text(node: Element | None) -> str:
    return "".join(node.itertext()) if node is not None else ""


def _only(root: Element, tag: str) -> Element:
    files = root.findall(tag)
    if len(files) != 1:
        detail = f"The file holds {len(files)} files; it must hold one."
        raise BadInput(detail, "unreadable_file", {"file": [detail]})
    return files[0]
