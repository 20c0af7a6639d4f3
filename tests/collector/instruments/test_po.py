"""Translations leave as a PO file and come back whole; what cannot be taken is named."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from babel.messages.pofile import read_po

from collector.errors import BadInput
from collector.instruments import files
from collector.instruments.template import Template
from collector.instruments.texts import needed
from collector.instruments.translations import exchange, po

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
def nps() -> Template:
    return files.template("nps")


def without(template: Template, locale: str) -> Template:
    """The template before it was translated into a locale."""
    questions = tuple(
        replace(q, wording={tag: w for tag, w in q.wording.items() if tag != locale})
        for q in template.questions
    )
    texts = {
        name: {k: v for k, v in getattr(template, name).items() if k != locale}
        for name in ("name", "about", "footnote")
    }
    locales = tuple(tag for tag in template.locales if tag != locale)
    return replace(template, locales=locales, questions=questions, **texts)


def file_of(template: Template, locale: str) -> str:
    return po.write(exchange.export(template, locale), NOW).decode()


def take(template: Template, text: str) -> exchange.Merged:
    given, losses = po.read(text.encode())
    return exchange.merge(template, given, "back.po", losses)


@pytest.mark.parametrize("key", list(files.shipped()))
@pytest.mark.parametrize("locale", ["de", "ar"])
def test_what_left_comes_back_the_same(key: str, locale: str) -> None:
    template = files.template(key)
    exported = exchange.export(template, locale)
    assert po.read(po.write(exported, NOW))[0].units == tuple(
        replace(unit, note="") for unit in exported.units
    )
    merged = take(template, file_of(template, locale))
    assert (merged.taken, merged.losses, merged.template) == ((), (), template)


def test_a_new_language_is_complete_after_the_round_trip(nps: Template) -> None:
    merged = take(without(nps, "de"), file_of(nps, "de"))
    assert merged.losses == ()
    assert merged.template.locales[-1] == "de"
    wording = merged.template.questions[0].wording["de"]
    assert wording.text == nps.questions[0].wording["de"].text
    assert (wording.source, wording.status) == ("Translation from back.po", "back_translation_pending")


def test_each_text_stands_under_a_name_that_survives_moving(nps: Template) -> None:
    catalog = read_po(io.StringIO(file_of(nps, "de")))
    names = {message.context for message in catalog if message.id}
    assert {"questions.score.text", "questions.comment.prompts.detractor", "words.send"} <= names
    assert len(names) == len(needed(nps))


def test_a_changed_word_is_taken_and_named(nps: Template) -> None:
    merged = take(nps, file_of(nps, "de").replace("Was hat gefehlt?", "Was fehlte Ihnen?"))
    assert merged.taken == ("questions.comment.prompts.passive",)
    assert merged.template.questions[1].wording["de"].prompts["passive"] == "Was fehlte Ihnen?"


def test_a_half_translated_language_is_kept_but_not_whole(nps: Template) -> None:
    text = file_of(nps, "de").replace('msgstr "Was hat gefehlt?"', 'msgstr ""')
    merged = take(without(nps, "de"), text)
    assert "passive" not in merged.template.questions[1].wording["de"].prompts


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('msgid "What was missing?"', 'msgid "What did you miss?"', "source_changed"),
        ('msgctxt "questions.comment.text"', 'msgctxt "questions.gone.text"', "unknown_text"),
        ('msgctxt "questions.comment.text"', '#, fuzzy\nmsgctxt "questions.comment.text"', "fuzzy"),
        ('msgstr "Was hat gefehlt?"', 'msgstr " Was hat gefehlt? "', "bad_text"),
    ],
)
def test_a_loss_is_named(nps: Template, old: str, new: str, code: str) -> None:
    text = file_of(nps, "de")
    assert old in text
    merged = take(nps, text.replace(old, new))
    assert code in {loss.code for loss in merged.losses}
    assert merged.template == nps


def test_a_label_alone_cannot_be_kept_and_says_so() -> None:
    csat = files.template("csat")
    names = [f"questions.score.labels.{index}" for index in range(1, 5)]
    exported = exchange.export(csat, "de")
    units = tuple(unit if unit.name not in names else replace(unit, target="") for unit in exported.units)
    merged = exchange.merge(without(csat, "de"), replace(exported, units=units), "back.po")
    assert ("questions.score.labels.0", "incomplete") in {(loss.name, loss.code) for loss in merged.losses}


def test_a_placeholder_lost_in_translation_is_refused(nps: Template) -> None:
    with pytest.raises(BadInput, match="do not fit") as caught:
        take(nps, file_of(nps, "de").replace("dass Sie {subject} einem", "dass Sie uns einem"))
    assert caught.value.fields == {
        "questions.0.wording.de.text": ["must hold the same placeholders in every locale"]
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("Project-Id-Version: nps en", "Project-Id-Version: csat en"), "other_template"),
        (("Project-Id-Version: nps en", "Project-Id-Version: nps fr"), "other_source_locale"),
    ],
)
def test_a_file_of_another_template_is_refused(nps: Template, change: tuple[str, str], code: str) -> None:
    text = file_of(nps, "de")
    assert change[0] in text
    with pytest.raises(BadInput) as caught:
        take(nps, text.replace(*change))
    assert caught.value.code == code


@pytest.mark.parametrize("body", [b"\xff\xfe", b'msgid "x', b"x" * 1_000_001])
def test_what_is_no_po_file_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        po.read(body)
    assert caught.value.code == "unreadable_file"


def test_the_source_language_is_not_exported(nps: Template) -> None:
    with pytest.raises(BadInput):
        exchange.export(nps, "en")
