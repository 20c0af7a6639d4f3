"""The German catalog: complete, without doubts, with the same placeholders, compiled as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from collector import locale

ROOT = Path(locale.__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


def texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (str(value),)


@pytest.fixture(scope="module")
def german() -> Catalog:
    with (locale.CATALOGS / "de/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="de")


def spoken() -> set[object]:
    """Every message in the source."""
    with (locale.CATALOGS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), methods, options)
    return {texts(message)[0] for _, _, message, _, _ in found}


def test_every_message_of_the_source_is_in_the_catalog(german: Catalog) -> None:
    assert spoken() == {texts(message.id)[0] for message in german if message.id}


def test_no_message_is_missing_or_in_doubt(german: Catalog) -> None:
    assert [message.id for message in german if message.id and not all(texts(message.string))] == []
    assert [message.id for message in german if message.id and message.fuzzy] == []


def test_translations_keep_their_placeholders(german: Catalog) -> None:
    for message in german:
        wanted = sorted(PLACEHOLDER.findall(texts(message.id)[-1])) if message.id else []
        for said in texts(message.string) if message.id else ():
            assert sorted(PLACEHOLDER.findall(said)) == wanted, message.id


def test_the_compiled_catalog_is_the_written_one(german: Catalog) -> None:
    with (locale.CATALOGS / "de/LC_MESSAGES/messages.mo").open("rb") as file:
        compiled = read_mo(file)
    written = {texts(message.id)[0]: texts(message.string) for message in german if message.id}
    assert {texts(message.id)[0]: texts(message.string) for message in compiled if message.id} == written
