"""The German catalog: complete, without doubts, with the same placeholders, compiled as written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
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


OF_A_PARSER = {"this is not YAML: %(value)s", "this is not YAML: %(error)s"}
"""What a parser says is English: a German sentence says what to look at instead."""


def test_translations_keep_their_placeholders(german: Catalog) -> None:
    for message in (each for each in german if each.id not in OF_A_PARSER):
        forms = zip(texts(message.id), texts(message.string), strict=True) if message.id else ()
        for wanted, said in forms:
            assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(wanted)), message.id


def words_of(catalog: Catalog) -> dict[tuple[str, str], tuple[str, ...]]:
    """By context and text; a compiled catalog has its contexts as bytes."""
    found = {}
    for message in catalog:
        context: object = message.context
        if message.id:
            key = context.decode() if isinstance(context, bytes) else str(context or "")
            found[key, texts(message.id)[0]] = texts(message.string)
    return found


def test_the_compiled_catalog_is_the_written_one(german: Catalog) -> None:
    with (locale.CATALOGS / "de/LC_MESSAGES/messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert words_of(compiled) == words_of(german)


def test_nothing_is_translated_under_a_name_that_is_not_extracted() -> None:
    """Whatever takes or keeps a ``gettext`` has a name by which Babel finds the words it is called with."""
    strange = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in ROOT.rglob("*.py")
        for name in _translators(ast.parse(path.read_text("utf-8")))
        if name not in DEFAULT_KEYWORDS
    ]
    assert strange == []


def _translators(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation and ast.unparse(node.annotation) == "Translate":
            yield node.arg
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _kept(target, node.value)


def _kept(target: ast.expr, value: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _kept(one, other)
    elif isinstance(value, ast.Attribute) and value.attr.endswith("gettext"):
        yield target.attr if isinstance(target, ast.Attribute) else ast.unparse(target)


def test_a_translator_under_another_name_is_seen() -> None:
    source = "def f(say: Translate): ...\ntell, n = speaker.gettext, 3\nngettext = speaker.ngettext"
    assert set(_translators(ast.parse(source))) == {"say", "tell", "ngettext"}


def test_a_percent_sign_in_a_page_is_doubled(german: Catalog) -> None:
    in_pages = [each for each in german if any(str(path).endswith(".html") for path, _ in each.locations)]
    said = [text for each in in_pages for text in (*texts(each.id), *texts(each.string))]
    assert [text for text in said if re.search(r"%(?!\()", text.replace("%%", ""))] == []
