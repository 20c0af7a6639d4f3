"""A plain form holds text; each kind gets from it the answer that the widget would have sent."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from collector.instruments.kinds import KINDS
from collector.responses import form

ROWS = json.loads((Path(__file__).parents[3] / "tests/wire/kinds.json").read_text("utf-8"))
GOOD = [
    row for row in ROWS if row["ok"] and row["answer"] not in ("", []) and type(row["answer"]) is not float
]


def _sent(question: dict[str, Any], answer: Any) -> Any:
    """What becomes of an answer that travels as the fields of a form."""
    texts = (
        answer if isinstance(answer, list) else [json.dumps(answer)] if isinstance(answer, dict) else [answer]
    )
    fields = [
        ("response_id", str(uuid.uuid4())),
        *((f"answers.{question['id']}", str(text)) for text in texts),
    ]
    survey = {"questions": [question], "locale": "en", "dir": "ltr"}
    return form.submission(MultiDict(fields), survey, "token")["answers"].get(question["id"])


@pytest.mark.parametrize("row", GOOD, ids=lambda row: f"{row['kind']}-{str(row['answer'])[:20]}")
def test_a_good_answer_survives_the_form(row: dict[str, Any]) -> None:
    assert _sent(row["question"], row["answer"]) == row["answer"]


def test_every_kind_is_among_the_cases() -> None:
    assert {row["kind"] for row in GOOD} == set(KINDS)
