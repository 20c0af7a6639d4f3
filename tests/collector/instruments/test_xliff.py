"""Translations leave as XLIFF 1.2 or 2.0 and come back whole; hostile XML is refused unread."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.errors import BadInput
from collector.instruments import files
from collector.instruments.template import Template
from collector.instruments.translations import exchange, xliff

VERSIONS = ("1.2", "2.0")


@pytest.fixture
def nps() -> Template:
    return files.template("nps")


def take(template: Template, body: bytes) -> exchange.Merged:
    given, losses = xliff.read(body)
    return exchange.merge(template, given, "back.xlf", losses)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("key", list(files.shipped()))
def test_what_left_comes_back_the_same(key: str, version: str) -> None:
    template = files.template(key)
    exported = exchange.export(template, "ar")
    back, losses = xliff.read(xliff.write(exported, version))
    assert (back, losses) == (replace(exported, units=tuple(replace(u, note="") for u in exported.units)), [])
    assert take(template, xliff.write(exported, version)).losses == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_changed_word_is_taken(nps: Template, version: str) -> None:
    body = xliff.write(exchange.export(nps, "de"), version).replace(
        b"Was hat gefehlt?", b"Was fehlte &amp; warum?"
    )
    merged = take(nps, body)
    assert merged.taken == ("questions.comment.prompts.passive",)
    assert merged.template.questions[1].wording["de"].prompts["passive"] == "Was fehlte & warum?"


@pytest.mark.parametrize(
    ("version", "old", "new", "code"),
    [
        (
            "1.2",
            '<target state="translated">Was hat',
            '<target state="needs-translation">Was hat',
            "unfinished",
        ),
        ("1.2", "Was hat gefehlt?", "Was <g id='1'>hat</g> gefehlt??", "markup"),
        ("2.0", "Was hat gefehlt?", "Was <pc id='1'>hat</pc> gefehlt??", "markup"),
        ("2.0", 'id="words.send" name="words.send"', 'id="words.post" name="words.post"', "unknown_text"),
        (
            "2.0",
            "<source>What was missing?</source>",
            "<source>What did you miss?</source>",
            "source_changed",
        ),
        ("2.0", "</segment>", "</segment><segment><source>a</source></segment>", "split"),
    ],
)
def test_a_loss_is_named(nps: Template, version: str, old: str, new: str, code: str) -> None:
    text = xliff.write(exchange.export(nps, "de"), version).decode()
    assert old in text
    assert code in {loss.code for loss in take(nps, text.replace(old, new).encode()).losses}


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
EMPTY = '<!DOCTYPE xliff SYSTEM "http://127.0.0.1/evil.dtd">'


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE, EMPTY])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(nps: Template, doctype: str, encoding: str) -> None:
    text = xliff.write(exchange.export(nps, "de"), "1.2").decode().split("?>", 1)[1]
    with pytest.raises(BadInput) as caught:
        xliff.read((doctype + text).encode(encoding))
    assert caught.value.code == "hostile_xml"


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        xliff.read(b"<a>" * 5000)
    assert caught.value.code == "hostile_xml"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xliff",
        b"<html/>",
        b'<xliff version="3.0" xmlns="urn:oasis:names:tc:xliff:document:3.0"/>',
        b'<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>',
        b"x" * 1_000_001,
    ],
)
def test_what_is_no_xliff_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        xliff.read(body)
    assert caught.value.code == "unreadable_file"
