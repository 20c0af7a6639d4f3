"""A question in its wire form (docs/reference/wire.md): what the widget draws and the rules read."""

from typing import Required, TypedDict

Answer = object
"""One answer as JSON gives it: nothing about it is known before its kind has checked it."""

Condition = TypedDict(
    "Condition",
    {"question": Required[str], "from": int, "to": int, "in": list[str]},
    total=False,
)
"""Holds where an earlier question's answer lies in the band `from..to`, or is one of the options `in`."""


class Prompt(Condition, total=False):
    """A text that replaces its question's own where the condition holds."""

    text: Required[str]


class Option(TypedDict):
    """One choice: the key is the answer, the label what the customer reads."""

    key: str
    label: str


class Question(TypedDict, total=False):
    """One question in one language; which fields stand beside the first four is up to its kind."""

    id: Required[str]
    kind: Required[str]
    text: Required[str]
    required: Required[bool]
    show_if: Condition
    min: int
    max: int
    low: str
    high: str
    labels: list[str]
    options: list[Option]
    min_choices: int
    max_choices: int
    max_length: int
    prompts: list[Prompt]
