"""The shop's orders begin ways through the journey, and each way is asked at one step only: here, at the confirmation."""

from __future__ import annotations

import itertools

from collector.demo import story
from collector.invitations import Draw


def asked_at(touchpoint: str, order: str) -> str:
    """A journey instance for an order that draws this touchpoint, so that whoever tries the demo sees a survey.

    A real shop names its own instance, or none, and leaves the draw to the collector.
    """
    way = story.FIRST_ORDER
    names = (f"{order}-{number}" for number in itertools.count(1))
    return next(name for name in names if Draw(f"{way.journey}\0{name}", way.weights).takes(touchpoint))
