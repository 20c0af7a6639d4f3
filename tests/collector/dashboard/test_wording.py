"""Sizes as pages say them: with their unit, and never rounded to a 0 that they are not."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from flask import Flask

from collector import web
from collector.dashboard.wording import Wording
from collector.kpis import METRICS, Subject, Verdict, figure


@pytest.fixture
def say(app: Flask) -> Wording:
    with app.test_request_context():
        return Wording(web.speaker())


def found(metric: str, shrunken: float, low: float, high: float) -> Verdict:
    subject = Subject({"touchpoint": "a"}, {"touchpoint": "b"}, uuid.UUID(int=1), ())
    return Verdict("handover", subject, METRICS[metric], (100, 100), shrunken, shrunken, low, high)


@pytest.mark.parametrize(
    ("metric", "size", "said"),
    [
        ("nps", -20.4, "20 points"),
        ("nps", -1.2, "1 point"),
        ("csat", -12.0, "12 percentage points"),
        ("ces", -0.44, "0.4 scale points"),
        ("stars", -1.0, "1.0 stars"),
    ],
)
def test_a_size_is_said_with_its_unit(say: Wording, metric: str, size: float, said: str) -> None:
    assert say.gap(found(metric, size, size - 1, 0)) == said


def test_a_bound_that_is_not_zero_is_not_rounded_to_it(say: Wording) -> None:
    assert say.bounds(found("csat", -16, -31.2, -0.3)) == "0.3 to 31"
    assert say.bounds(found("csat", -16, -31.2, 0)) == "0 to 31"
    assert say.difference(METRICS["csat"], 0.3) == "+0.3"


def test_a_difference_names_the_answers_on_both_sides_in_the_order_of_its_sentence(say: Wording) -> None:
    """Between a step and the next: first the one before; of all else, first what it is about."""
    way = replace(found("csat", -16, -31.2, 0), n=(1200, 80))
    assert say.basis(way) == "0 to 31, n 80 and 1,200"
    assert say.basis(replace(way, kind="touchpoint")) == "0 to 31, n 1,200 and 80"


def test_a_change_since_is_said_with_its_sign(say: Wording) -> None:
    assert say.moved_by(METRICS["csat"], 11.7) == "+12 percentage points"


def test_the_ends_of_an_interval_never_look_the_same(say: Wording) -> None:
    assert say.interval(figure(METRICS["csat"], {5: 2000})) == "99.8 to 100.0"
    assert say.interval(figure(METRICS["csat"], {1: 40, 5: 60})) == "50 to 69"
    assert (say.rates(0.9974, 1), say.rates(0.17, 0.3)) == ("99.7 % to 100.0 %", "17 % to 30 %")
