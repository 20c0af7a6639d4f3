"""Each sentence that a rule tells is in the catalogue of each language, with the same values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.util import pathmatch

from collector.locale import CATALOGS, DEFAULT, LANGUAGES
from collector.told import CONTEXT, PLACE
from collector.told_words import sentences

READER = "collector.told_words:extract"
OTHERS = [language for language in LANGUAGES if language != DEFAULT]


def told(root: Path) -> set[str]:
    """The sentences of all the files that Babel gives to ``told_words``."""
    folder = root / "collector"
    with (folder / "translations/babel.cfg").open(encoding="utf-8") as file:
        methods, _ = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    files = [path for path in folder.rglob("*.py") if _method(path.relative_to(folder), methods) == READER]
    assert len(files) > 300
    return {sentence for path in files for _, sentence in sentences(path.read_text("utf-8"))}


def _method(path: Path, methods: list[tuple[str, str]]) -> str | None:
    return next((method for pattern, method in methods if pathmatch(pattern, path.as_posix())), None)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_with_its_values(root: Path, language: str) -> None:
    with (CATALOGS / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        known = {str(each.id): str(each.string) for each in read_mo(file) if _is_told(each.context)}
    found = told(root)
    assert len(found) > 250
    assert found - {sentence for sentence, said in known.items() if said} == set()
    for sentence in found:
        assert _places(known[sentence]) <= _places(sentence), sentence


def _is_told(context: object) -> bool:
    return context in {CONTEXT, CONTEXT.encode()}  # Babel gives back the bytes of a context


def _places(sentence: str) -> set[str]:
    return set(PLACE.findall(sentence)) - {""}


def test_a_sentence_is_found_in_the_code_with_places_for_its_values() -> None:
    source = 'raise errors.BadInput(f"There is no {noun}.", fields={"at": [f"must be {a!r} or {b.key}"]})\n'
    assert [text for _, text in sentences(source)] == ["There is no %(noun)s.", "must be %(a)s or %(key)s"]
    assert not re.search("[{}]", "".join(text for _, text in sentences(source)))
