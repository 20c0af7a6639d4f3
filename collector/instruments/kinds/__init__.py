"""The question kinds: one file per kind, named as on the wire and as in the widget.

In comes a question in its wire form and an answer as JSON gave it; out goes a refusal code or None, a score,
a band. Pure rules, read by flow, series, responses and kpis; `tests/wire/kinds.json` holds both languages to
them.
A new kind is a file here with a `KIND`, its line below, its file in the widget, its rows in the case table.
"""

from collector.instruments.kinds import (
    ces,
    comment,
    csat,
    emotion,
    first_click,
    goal,
    likert5,
    likert7,
    multiple_choice,
    nps,
    short_text,
    single_choice,
    stars,
    thumbs,
)
from collector.instruments.kinds._kind import Kind

_ALL: tuple[Kind, ...] = (
    nps.KIND,
    csat.KIND,
    ces.KIND,
    likert5.KIND,
    likert7.KIND,
    stars.KIND,
    thumbs.KIND,
    emotion.KIND,
    goal.KIND,
    single_choice.KIND,
    multiple_choice.KIND,
    short_text.KIND,
    comment.KIND,
    first_click.KIND,
)

KINDS: dict[str, Kind] = {kind.key: kind for kind in _ALL}

MEASURES: dict[str, Kind] = {metric: kind for kind in _ALL for metric in kind.metrics}
"""Metric -> the kind of question whose scores it counts."""


ON_A_PICTURE = first_click.KIND.key
"""The kind that needs a picture, which a run holds and the hosted page shows; the widget shows all others."""


def takes_number(key: str) -> bool:
    """Whether an answer to this kind is a number; a form, an address and a mail hold it as text."""
    kind = KINDS[key]
    return kind.scale is not None and kind.options is None


def takes_text(key: str) -> bool:
    """Whether an answer to this kind is typed freely, in the customer's own words."""
    return KINDS[key].max_length is not None


def shows_number(key: str) -> bool:
    """Whether people see the number they choose: no thumb, no face stands for it."""
    return takes_number(key) and KINDS[key].ranged and min(KINDS[key].scale or ()) >= 0


__all__ = ["KINDS", "MEASURES", "ON_A_PICTURE", "Kind", "shows_number", "takes_number", "takes_text"]
