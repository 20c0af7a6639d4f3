"""A survey that asks another question than its journey is read by is told so where it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

READ_BY = "is read by NPS"


def test_another_question_is_told_of_before_it_is_published(signed_in: Callable[[str], Any]) -> None:
    browser = signed_in("editor")
    assert "First order: NPS" in browser.get("/surveys").text, "the form says it before anything is saved"
    browser.post("/surveys", template="ces", touchpoint="installed", subject="us", key="other-question")
    assert READ_BY in browser.get("/surveys/other-question").text


def test_the_same_question_is_not(signed_in: Callable[[str], Any]) -> None:
    browser = signed_in("editor")
    browser.post("/surveys", template="nps", touchpoint="installed", subject="us", key="same-question")
    assert READ_BY not in browser.get("/surveys/same-question").text


def test_what_is_asked_of_the_journey_is_no_matter_of_its_steps(signed_in: Callable[[str], Any]) -> None:
    browser = signed_in("editor")
    browser.post(
        "/surveys",
        template="ces",
        touchpoint="installed",
        target="journey",
        journey="first-order",
        subject="us",
        key="at-the-end",
    )
    assert READ_BY not in browser.get("/surveys/at-the-end").text
