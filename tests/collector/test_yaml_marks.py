"""Files are read as they are meant, and every mistake is named with its line and column."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields

from collector.values import LARGEST
from collector.yaml_marks import MAX_BYTES, MAX_VALUES, FileError, load

FILE = """\
key: nps
name: {en: Recommendation, no: Anbefaling}
questions:
  - id: score
    min: 0
  - id: comment
"""


def _refusal(text: str | bytes) -> tuple[int, int, str, str]:
    with pytest.raises(FileError) as caught:
        load(text, "file.yaml")
    (problem,) = caught.value.problems
    return problem.line, problem.column, problem.code, problem.field


def test_it_reads_values_and_remembers_where_they_stand():
    document = load(FILE, "nps.yaml")
    assert document.value == {
        "key": "nps",
        "name": {"en": "Recommendation", "no": "Anbefaling"},
        "questions": [{"id": "score", "min": 0}, {"id": "comment"}],
    }
    assert document.line_of(()) == 1
    assert document.line_of(("questions",)) == 3
    assert document.place_of(("questions", 0, "min")) == (5, 5)
    assert document.place_of(("questions", 1)) == (6, 5)


def test_a_missing_part_stands_where_its_nearest_parent_does():
    document = load(FILE, "nps.yaml")
    assert document.line_of(("questions", 1, "text", "de")) == 6
    assert document.line_of(("nothing", "like", "it")) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", True),
        ("false", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("1.5", 1.5),
        ("-0.25", -0.25),
        ("01010", "01010"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("'5'", "5"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        (".inf", ".inf"),
        ("<<", "<<"),
    ],
)
def test_a_value_means_what_it_seems_to_mean(text, value):
    assert load(f"a: {text}", "file.yaml").value == {"a": value}


def test_keys_are_texts_whatever_they_look_like():
    assert load("{1: a, true: b, no: c, null: d}", "file.yaml").value == {
        "1": "a",
        "true": "b",
        "no": "c",
        "null": "d",
    }


def test_a_byte_order_mark_and_windows_lines_are_fine():
    assert load("\ufeffa: 1\r\nb: ü\r\n".encode(), "file.yaml").value == {"a": 1, "b": "ü"}
    assert load(b"", "file.yaml").value is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: 2\na: 3", (3, 1, "duplicate_key", "a")),
        ("x:\n  - {k: 1,\n     k: 2}", (3, 6, "duplicate_key", "x.0.k")),
        ("a: &x [1]\nb: *x", (1, 4, "alias", "")),
        ("a: *x", (1, 4, "alias", "")),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", (2, 4, "tag", "")),
        ("a: !!binary x", (1, 4, "tag", "")),
        ("a: 1\n? [x]\n: y", (2, 3, "key", "")),
        ("a: 'open\nb: c", (2, 5, "not_yaml", "")),
        ("a:\n\t- b", (2, 1, "not_yaml", "")),
        ("--- 1\n--- 2", (2, 1, "not_yaml", "")),
        ('"\\U00110000"', (1, 4, "not_yaml", "")),
        ('a:\n  - "x\\0"', (2, 5, "control_character", "a.0")),
        ('a: "\\ud800"', (1, 4, "control_character", "a")),
        ('{"\\u0001": 1}', (1, 2, "control_character", "")),
        ("a: 1\nb: x\x00y", (2, 5, "control_character", "")),
        ("a: \ud800", (1, 4, "control_character", "")),
        ("a: \uffff", (1, 4, "control_character", "")),
        (b"a: 1\nb: \xff", (2, 4, "not_utf8", "")),
        ("a: ä".encode("latin-1"), (1, 4, "not_utf8", "")),
        ("a: ä".encode("utf-16"), (1, 1, "not_utf8", "")),
        ("a: 1.0e999", (1, 4, "number", "a")),
        ("[" * 5000, (1, 33, "too_deep", "")),
        ("{a: " * 5000, (1, 126, "too_deep", "")),
        ("x" * (MAX_BYTES + 1), (1, 1, "too_large", "")),
        ("ä" * (MAX_BYTES // 2 + 1), (1, 1, "too_large", "")),
    ],
)
def test_it_refuses_with_line_column_and_field(text, place):
    assert _refusal(text) == place


def test_the_classic_bomb_is_refused_before_it_goes_off():
    layers = "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert _refusal(f"a: &a [x]\n{layers}")[2] == "alias"


def test_what_costs_by_the_value_is_refused_by_the_value(monkeypatch):
    many = f"a: [{','.join(['1'] * MAX_VALUES)}]"
    assert len(many) < MAX_BYTES
    assert _refusal(many) == (1, 5 + 2 * (MAX_VALUES - 3), "too_many_values", "")
    monkeypatch.setattr("collector.yaml_marks.MAX_VALUES", 10)
    assert load("a: [1, 2, 3, 4, 5, 6, 7]", "file.yaml").value == {"a": [1, 2, 3, 4, 5, 6, 7]}
    assert _refusal("a: [1, 2, 3, 4, 5, 6, 7, 8]") == (1, 26, "too_many_values", "")


def test_a_problem_reads_like_a_compiler_error():
    with pytest.raises(
        FileError, match=r"^nps\.yaml:2:1: key: stands here twice; first in line 1$"
    ) as caught:
        load("key: a\nkey: b", "nps.yaml")
    assert caught.value.problem()["fields"] == {
        "key": ["nps.yaml:2:1: key: stands here twice; first in line 1"]
    }


class _Question(Schema):
    id = fields.String(required=True)
    min = fields.Integer(strict=True)


class _File(Schema):
    key = fields.String(required=True)
    questions = fields.List(fields.Nested(_Question))


def test_schema_messages_find_their_lines():
    text = "questions:\n  - id: score\n    mim: 0\n  - min: x\nextra: 1\n"
    document = load(text, "f.yaml")
    found = document.problems(_File().validate(document.value))
    assert [(problem.line, problem.field, problem.code) for problem in found] == [
        (1, "key", "missing"),
        (3, "questions.0.mim", "unknown_field"),
        (4, "questions.1.id", "missing"),
        (4, "questions.1.min", "invalid"),
        (5, "extra", "unknown_field"),
    ]


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcäö", max_size=4), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(TREES)
def test_any_json_reads_as_itself(tree):
    assert load(json.dumps(tree), "file.json").value == tree


@given(st.integers(LARGEST + 1, 10**17), st.sampled_from([1, -1]))
def test_a_number_beyond_what_every_reader_holds_is_refused_with_its_place(size, sign):
    with pytest.raises(FileError, match=r"file\.json:1:1: too large for a number"):
        load(json.dumps(size * sign), "file.json")


@given(st.text() | st.binary() | st.text("ab:-[]{}&*!|>\"'\\%@`#,? \n\t0.~xuU", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text):
    with suppress(FileError):
        document = load(text, "file.yaml")
        json.dumps(document.value, allow_nan=False)
        assert all(line >= 1 and column >= 1 for line, column in document.places.values())
