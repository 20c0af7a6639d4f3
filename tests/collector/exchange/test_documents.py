"""A JSON document is read as rows, wherever its list stands, and the lists inside a row as columns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from collector.exchange import documents
from collector.exchange.file_problem import FileProblem
from collector.exchange.mapping import NamedList

ANSWERS = NamedList("pages.questions", ("heading", "id"), ("answers.0.text", "answers.0.number"))


def read(document: Any, *lists: NamedList) -> list[dict[str, str]]:
    return list(documents.rows(json.dumps(document).encode(), lists))


@pytest.mark.parametrize(
    "document", [[{"id": 1}], {"data": [{"id": 1}], "links": {}}, {"responses": [{"7": {"id": 1}}]}]
)
def test_the_list_is_found(document: Any) -> None:
    assert read(document) == [{"id": "1"}]


def test_objects_inside_are_columns_by_their_path_and_what_is_empty_says_nothing() -> None:
    found = read([{"meta": {"tags": [], "url": None, "more": {"page": "/pay"}}, "done": True}])
    assert found == [{"meta.tags": "", "meta.url": "", "meta.more.page": "/pay", "done": "true"}]


def test_entries_of_a_list_are_columns_by_their_names() -> None:
    questions = [
        {"id": "q1", "heading": "How likely?", "answers": [{"number": 9}]},
        {"id": "q2", "answers": [{"text": "Why not"}]},
        {"id": "q3", "answers": []},
    ]
    found = read(
        [{"id": "r1", "pages": [{"questions": questions[:1]}, {"questions": questions[1:]}]}], ANSWERS
    )
    assert found == [{"id": "r1", "How likely?": "9", "q2": "Why not", "q3": ""}]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{", "not_json"),
        (b"{}", "no_rows"),
        (b"7", "no_rows"),
        (b"[7]", "not_an_object"),
        (b"[" * 100_000, "not_json"),
    ],
)
def test_what_is_no_list_of_objects_is_refused_in_words(raw: bytes, code: str) -> None:
    with pytest.raises(FileProblem) as refused:
        list(documents.rows(raw))
    assert refused.value.code == code
