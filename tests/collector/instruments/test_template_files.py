"""A template file is taken whole, or every mistake in it is named with line, column and field."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import NotFound
from collector.instruments import files
from collector.instruments.files import TemplateError, lint, load
from collector.instruments.schemas import as_json, from_json

TEXT = """\
key: own
version: 1
metric: csat
locales: [en, de]
name: {en: Own, de: Eigenes}
questions:
  - id: score
    kind: csat
    required: true
    min: 1
    max: 5
    wording:
      en:
        text: How was {subject}?
        labels: [a, b, c, d, e]
        source: Own wording
        status: own
      de:
        text: Wie war {subject}?
        labels: [a, b, c, d, e]
        source: Own translation
        status: own
  - id: reason
    kind: single_choice
    required: false
    show_if: {question: score, from: 1, to: 3}
    options: [price, other]
    wording:
      en:
        text: Why?
        options: {price: Price, other: Other}
        source: Own wording
        status: own
      de:
        text: Warum?
        options: {price: Preis, other: Anderes}
        source: Own translation
        status: own
  - id: comment
    kind: comment
    required: false
    prompts:
      price: {question: reason, in: [price]}
    wording:
      en:
        text: More?
        prompts: {price: Which price?}
        source: Own wording
        status: own
      de:
        text: Mehr?
        prompts: {price: "Welcher Preis?"}
        source: Own translation
        status: own
"""
TEXT = TEXT.replace("{price: Which price?}", '{price: "Which price?"}')

MISTAKES = [
    # (what is replaced, by what, line, field, code)
    ("key: own\n", "", 1, "key", "missing"),
    ("key: own", "key: Own Key", 1, "key", "invalid"),
    ("version: 1", "version: '1'", 2, "version", "invalid"),
    ("version: 1", "version: 0", 2, "version", "invalid"),
    ("version: 1", "version: true", 2, "version", "invalid"),
    ("version: 1", "version: 1\nlayuot: vertical", 3, "layuot", "unknown_field"),
    ("version: 1", "version: 1\nlayout: diagonal", 3, "layout", "invalid"),
    ("version: 1", "version: 1\ndirection: up", 3, "direction", "invalid"),
    ("version: 1", "version: 1\nlocked: 1", 3, "locked", "invalid"),
    ("version: 1", "version: 1\nfootnote: {en: Score made by NPS Score Inc}", 3, "footnote.en", "mark"),
    ("version: 1", "version: 1\nwords: {fr: {send: x}}", 3, "words.fr", "unknown_locale"),
    ("version: 1", "version: 1\nwords: {de: {sned: x}}", 3, "words.de.sned", "invalid"),
    ("version: 1", "version: 1\nwords: {de: {of: 'von {max}'}}", 3, "words.de.of", "placeholder"),
    ("metric: csat", "metric: nps", 3, "metric", "metric"),
    ("metric: csat\n", "", 1, "metric", "metric"),
    ("[en, de]", "[en, de, en]", 4, "locales.2", "duplicate"),
    ("[en, de]", "[en, de, xx-yy-zz]", 4, "locales.2", "invalid"),
    ("[en, de]", "[]", 4, "locales", "invalid"),
    ("[en, de]", "en", 4, "locales", "invalid"),
    ("name: {en: Own,", "name: {en: ' Own',", 5, "name.en", "invalid"),
    ("name: {en: Own,", "name: {fr: Own,", 5, "name.en", "missing"),
    ("de: Eigenes", "de: 5", 5, "name.de", "invalid"),
    ("de: Eigenes", "de: Eigenes 🙂", 5, "name.de", "picture"),
    ("id: score", "id: Score!", 7, "questions.0.id", "invalid"),
    ("id: score\n", "id: comment\n", 39, "questions.2.id", "duplicate_id"),
    ("kind: csat", "kind: slider", 8, "questions.0.kind", "invalid"),
    ("min: 1", "min: 0", 10, "questions.0.min", "scale"),
    ("max: 5", "max: 7", 11, "questions.0.max", "scale"),
    ("    max: 5\n", "", 7, "questions.0.max", "scale"),
    ("max: 5", "max: 5\n    max_length: 10", 12, "questions.0.max_length", "not_for_kind"),
    ("max: 5", "max: 5\n    options: [a, b]", 12, "questions.0.options", "not_for_kind"),
    ("max: 5", "max: 5\n    min_choices: 1", 12, "questions.0.min_choices", "not_for_kind"),
    ("How was {subject}?", "How was {company}?", 14, "questions.0.wording.en.text", "placeholder"),
    ("Wie war {subject}?", "Wie war es?", 19, "questions.0.wording.de.text", "placeholder"),
    ("Wie war {subject}?", "Wie war {subject?", 19, "questions.0.wording.de.text", "placeholder"),
    ("labels: [a, b, c, d, e]", "labels: [a, b, c, d]", 15, "questions.0.wording.en.labels", "labels"),
    ("text: How", "low: bad\n        text: How", 14, "questions.0.wording.en.low", "not_for_kind"),
    ("status: own", "status: good", 17, "questions.0.wording.en.status", "invalid"),
    ("        source: Own wording\n", "", 13, "questions.0.wording.en.source", "missing"),
    (
        "show_if: {question: score,",
        "show_if: {question: comment,",
        26,
        "questions.1.show_if.question",
        "unknown_question",
    ),
    (
        "show_if: {question: score,",
        "show_if: {question: reason,",
        26,
        "questions.1.show_if.question",
        "unknown_question",
    ),
    ("from: 1, to: 3", "from: 0, to: 3", 26, "questions.1.show_if", "condition"),
    ("from: 1, to: 3", "from: 3, to: 1", 26, "questions.1.show_if", "condition"),
    ("from: 1, to: 3", "from: 1", 26, "questions.1.show_if", "condition"),
    ("from: 1, to: 3", "in: [price]", 26, "questions.1.show_if", "condition"),
    ("from: 1, to: 3", "form: 1, to: 3", 26, "questions.1.show_if.form", "unknown_field"),
    ("    options: [price, other]\n", "", 23, "questions.1.options", "missing"),
    ("options: [price, other]", "options: [price, other, price]", 27, "questions.1.options.2", "duplicate"),
    ("options: [price, other]", "options: [price]", 27, "questions.1.options", "invalid"),
    (
        "options: {price: Price, other: Other}",
        "options: {price: Price}",
        31,
        "questions.1.wording.en.options.other",
        "missing",
    ),
    (
        "other: Anderes}",
        "other: Anderes, more: Mehr}",
        36,
        "questions.1.wording.de.options.more",
        "unknown_key",
    ),
    ("in: [price]", "in: [cost]", 43, "questions.2.prompts.price.in", "unknown_option"),
    ("in: [price]", "from: 1, to: 2", 43, "questions.2.prompts.price", "condition"),
    (
        'prompts: {price: "Which price?"}',
        "prompts: {cost: Which}",
        47,
        "questions.2.wording.en.prompts.cost",
        "unknown_key",
    ),
    ("  - id: comment\n    kind: comment", "  - id: comment\n    kind: nps", 39, "questions.2.min", "scale"),
]


def test_it_takes_a_good_template():
    template = load(TEXT, "own.yaml")
    assert template.key == "own"
    assert template.direction == "higher_is_better"
    assert template.score is template.questions[0]
    assert lint(TEXT, "own.yaml") == []


def test_a_template_is_the_same_after_a_trip_through_json():
    template = load(TEXT, "own.yaml")
    assert from_json(json.loads(json.dumps(as_json(template)))) == template
    for shipped in files.shipped().values():
        assert from_json(json.loads(json.dumps(as_json(shipped)))) == shipped


@pytest.mark.parametrize(("old", "new", "line", "field", "code"), MISTAKES, ids=lambda value: str(value)[:30])
def test_it_names_the_place_of_a_mistake(old, new, line, field, code):
    assert old in TEXT
    with pytest.raises(TemplateError) as caught:
        load(TEXT.replace(old, new, 1), "own.yaml")
    found = [(problem.line, problem.field, problem.code) for problem in caught.value.problems]
    assert (line, field, code) in found
    assert all(problem.file == "own.yaml" and problem.message for problem in caught.value.problems)


def test_several_mistakes_come_in_the_order_of_the_file():
    text = (
        TEXT.replace("min: 1", "min: 0")
        .replace("from: 1, to: 3", "from: 9, to: 3")
        .replace("in: [price]", "in: [x]")
    )
    problems = lint(text, "own.yaml")
    assert [problem.line for problem in problems] == [10, 26, 43]


def test_a_missing_translation_is_linted_and_still_loads():
    text = TEXT.replace('        prompts: {price: "Welcher Preis?"}\n', "")
    assert load(text, "own.yaml").key == "own"
    (problem,) = lint(text, "own.yaml")
    assert str(problem) == "own.yaml:50:7: questions.2.wording.de.prompts.price: is missing in de"


def test_a_locale_without_words_brings_its_own():
    text = TEXT.replace("[en, de]", "[en, it]").replace("de:", "it:")
    assert {problem.code for problem in lint(text, "own.yaml")} == {"missing_translation"}
    words = ", ".join(f"{key}: {key}" for key in files.shipped_words()["en"] if key != "of")
    text = text.replace("version: 1", f"version: 1\nwords: {{it: {{{words}, of: '{{value}} di {{max}}'}}}}")
    assert lint(text, "own.yaml") == []


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "5"])
def test_what_is_no_mapping_is_no_template(text):
    with pytest.raises(TemplateError) as caught:
        load(text, "own.yaml")
    assert [problem.code for problem in caught.value.problems] == ["invalid"]


def test_what_is_no_yaml_is_named_as_such():
    assert [problem.code for problem in lint(b"key: \xff", "own.yaml")] == ["not_utf8"]
    assert [problem.code for problem in lint("key: [", "own.yaml")] == ["not_yaml"]


def test_an_unknown_template_is_not_found_and_the_known_are_named():
    with pytest.raises(NotFound, match="there are ces, clear, csat"):
        files.template("npc")


LINES = TEXT.splitlines(keepends=True)


@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["", "x", "  - y\n", "    kind: nps\n", "      en: []\n", "{\n"]),
)
def test_any_damaged_line_is_taken_or_refused_with_a_place(index, replacement):
    text = "".join([*LINES[:index], replacement, *LINES[index + 1 :]])
    for problem in lint(text, "own.yaml"):
        assert 1 <= problem.line <= len(LINES) + 1
