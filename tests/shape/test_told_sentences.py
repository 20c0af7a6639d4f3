"""Each sentence that a rule tells is in the catalogue of each language, with the same values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from collector.locale import CATALOGS, DEFAULT, LANGUAGES
from collector.told import CONTEXT, PLACE
from collector.told_words import sentences

OTHERS = [language for language in LANGUAGES if language != DEFAULT]


def told(root: Path) -> set[str]:
    """The sentences of all the files that ``babel.cfg`` names."""
    lines = (root / "collector/translations/babel.cfg").read_text("utf-8").splitlines()
    patterns = [line[len("[told: ") : -1] for line in lines if line.startswith("[told: ")]
    assert patterns
    files = {
        path for pattern in patterns for path in (root / "collector").glob(pattern.replace("**", "**/*"))
    }
    return {sentence for path in files for _, sentence in sentences(path.read_text("utf-8"))}


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
