"""A plain HTML form's fields as the answers they mean."""

from __future__ import annotations

import uuid
from typing import Any

from werkzeug.datastructures import MultiDict

from collector import errors, values
from collector.instruments import ON_A_PICTURE, takes_number
from collector.responses import clicks


def submission(fields: MultiDict[str, str], survey: dict[str, Any], token: str) -> dict[str, Any]:
    """What ``actions.submit`` takes; raises 422 where the form was tampered with."""
    try:
        response_id = uuid.UUID(fields.get("response_id", ""))
    except ValueError:
        raise errors.BadInput("This form is not whole. Load the page again.", "bad_form") from None
    picture = survey.get("picture")
    by_click = picture is not None and clicks.sends(fields, picture["question"])
    answers = {
        q["id"]: clicks.read(fields, q["id"], picture)
        if q["kind"] == ON_A_PICTURE
        else _answer(q, fields.getlist(f"answers.{q['id']}"))
        for q in survey["questions"]
    }
    given = {key: answer for key, answer in answers.items() if answer not in (None, "", [])}
    return {
        "token": token,
        "response_id": response_id,
        "answers": given,
        "complete": not (by_click and _is_more(survey, given)),
        "locale": survey["locale"],
        "mode": "page",
        "layout": None,
        "dir": survey["dir"],
        "viewport": None,
        "widget": None,
        "context": {},
    }


def _is_more(survey: dict[str, Any], given: dict[str, Any]) -> bool:
    """Whether the page has more to ask than what a click on the picture sent along with it."""
    return any(each["id"] not in given and not each.get("show_if") for each in survey["questions"])


def _answer(question: dict[str, Any], said: list[str]) -> Any:
    if question["kind"] == "multiple_choice":
        return said
    value = said[0] if said else ""
    if not takes_number(question["kind"]):
        return value
    number = values.whole(value)
    return value or None if number is None else number
