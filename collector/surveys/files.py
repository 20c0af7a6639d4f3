"""The ``surveys`` section of a journey file, read and checked with the line of every mistake."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, ValidationError

from collector import yaml_marks
from collector.surveys.schemas import SurveysIn
from collector.yaml_marks import FileError


def load(text: str | bytes, filename: str) -> list[dict[str, Any]]:
    """The surveys of a file; raises FileError naming file, line and field. Other sections are left alone."""
    document = yaml_marks.load(text, filename)
    if not isinstance(document.value, dict) or "surveys" not in document.value:
        raise FileError([document.problem((), "no_surveys", "has no `surveys` section")])
    try:
        loaded: dict[str, Any] = SurveysIn(unknown=INCLUDE).load({"surveys": document.value["surveys"]})
    except ValidationError as error:
        raise FileError(document.problems(error.messages_dict)) from None
    entries: list[dict[str, Any]] = loaded["surveys"]
    return entries
