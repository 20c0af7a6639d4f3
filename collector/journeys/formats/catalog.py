"""The formats by name, and the one way in and out of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from collector import errors
from collector.journeys import definitions, files
from collector.journeys.checks import Known
from collector.journeys.definitions import Definitions
from collector.journeys.formats import cjml, csv, losses, mermaid, mermaid_text, ujg
from collector.journeys.formats.draft import Draft, Options, Reading
from collector.journeys.formats.losses import Loss
from collector.journeys.formats.text import decoded
from collector.yaml_marks import FileError, Problem

ANY = Options()
NEEDED = ("name", "definition", "customer_goal", "business_goal")


@dataclass(frozen=True)
class Format:
    """A format: its file name endings, its media type, how it is read and written; ``whole`` takes many journeys."""

    name: str
    endings: tuple[str, ...]
    media_type: str
    read: Callable[[str, Draft], None]
    write: Callable[[Definitions], str]
    whole: bool = False


@dataclass(frozen=True)
class Imported:
    """A foreign file as one of ours, and what was lost on the way."""

    file: files.JourneyFile
    losses: tuple[Loss, ...]


FORMATS = {
    item.name: item
    for item in (
        Format("csv", (".csv", ".tsv"), "text/csv", csv.read, csv.write, whole=True),
        Format("mermaid", (".mmd", ".mermaid", ".md"), "text/vnd.mermaid", mermaid.read, mermaid.write),
        Format("cjml", (".cjml", ".xml"), "application/xml", cjml.read, cjml.write),
        Format("ujg", (".jsonld", ".json"), "application/ld+json", ujg.read, ujg.write),
    )
}


def guess(filename: str) -> str:
    """The format that a file name ends in; raises BadInput for one that says nothing."""
    ending = PurePath(filename).suffix.lower()
    for item in FORMATS.values():
        if ending in item.endings:
            return item.name
    known = ", ".join([*FORMATS, "yaml"])
    raise errors.BadInput(f"Say which format {filename} has: {known}.", "unknown_format")


def recognise(raw: bytes | str, filename: str) -> str | None:
    """The name of a foreign format that a text is in, by its ending or its first words; None for any other file."""
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    start = text.lstrip("\ufeff \r\n\t")
    ending = PurePath(filename).suffix.lower()
    by_ending = next((item.name for item in FORMATS.values() if ending in item.endings), None)
    by_words = (
        ("mermaid", mermaid_text.find(text).diagrams),
        ("cjml", start.startswith(("<?xml", "<CJML"))),
        ("ujg", start.startswith("{") and "UJGDocument" in text),
    )
    return next((name for name, told in by_words if told), by_ending)


def read(
    name: str, text: str | bytes, filename: str, options: Options = ANY, known: Known = files.NOTHING
) -> Imported:
    """A foreign file as a journey file; raises FileError with the places that cannot be taken."""
    found = _read(name, decoded(text, filename), filename, options)
    if missing := list(_missing_facts(found)):
        raise FileError(missing)
    return Imported(files.check(found.source, known), found.losses)


def write(name: str, document: Definitions) -> tuple[str, tuple[Loss, ...]]:
    """A document in a format, and what reading it back would lack; raises BadInput where it takes one journey only."""
    chosen = _named(name)
    if not chosen.whole and len(document.journeys) != 1:
        raise errors.BadInput(f"A {name} file holds one journey; choose one.", "one_journey")
    text = chosen.write(document)
    again = _as_read_back(chosen, text)
    if chosen.whole or again.journeys[0].key == document.journeys[0].key:
        return text, losses.between(document, again)
    (journey,) = document.journeys
    same_key = dataclasses.replace(again, journeys=(dataclasses.replace(again.journeys[0], key=journey.key),))
    renamed = Loss("journeys.key", 1, f"reads back as {again.journeys[0].key}; import it with --key")
    return text, (renamed, *losses.between(document, same_key))


def _read(name: str, text: str, filename: str, options: Options) -> Reading:
    draft = Draft(filename, options)
    _named(name).read(text, draft)
    return draft.reading()


def _missing_facts(found: Reading) -> Iterator[Problem]:
    for index, journey in enumerate(_journeys(found.source.value)):
        for fact in NEEDED:
            if not journey.get(fact):
                message = f"the file does not say it; add --{fact.replace('_', '-')} TEXT"
                yield found.source.problem(("journeys", index, fact), "missing", message)


def _as_read_back(chosen: Format, text: str) -> Definitions:
    """What a reader makes of a text that we have just written, without anything that an importer would add."""
    value: Any = _read(chosen.name, text, f"export{chosen.endings[0]}", ANY).source.value
    return definitions.definitions(_with_blank_facts(value))


def _with_blank_facts(value: Any) -> dict[str, Any]:
    return {**value, "journeys": [{**dict.fromkeys(NEEDED, ""), **item} for item in _journeys(value)]}


def _journeys(value: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = value.get("journeys", [])
    return found


def _named(name: str) -> Format:
    if name not in FORMATS:
        raise errors.BadInput(f"There is no format {name}; there are {', '.join(FORMATS)}.", "unknown_format")
    return FORMATS[name]
