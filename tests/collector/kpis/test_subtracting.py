"""Who may read figures subtracts whatever two calls give, at any time: it never tells of one to four people by who they are."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock
from collector.kpis import rollups

Headers = dict[str, dict[str, str]]
Figure = tuple[int, Counter[str]]
"""Answers, and how many gave each score."""
Ask = Callable[..., Figure]
CHANNELS, PERSONAS = ("web", "app"), ("senior", "junior", "student")


@pytest.fixture
def say(client: FlaskClient, keys: Headers, company: Any, session: Session, time: clock.FixedClock) -> Any:
    """Let customers answer, and count it: ``say("web", "senior", 9, 3, ...)``."""

    def call(channel: str, persona: str, *scores: int) -> None:
        items = [
            {"touchpoint": "order-confirmed", "channel": channel, "persona": persona, "answers": {"score": score}}
            for score in scores
        ]  # fmt: skip
        sent = client.post("/api/v1/responses", json={"responses": items}, headers=keys["server"])
        assert sent.status_code == 200, sent.text
        while rollups.count(session, time()):
            pass
        session.commit()

    return call


@pytest.fixture
def ask(client: FlaskClient, keys: Headers) -> Ask:
    """What a read key is told: ``ask(channel="web", persona="senior")``; what is hidden counts as nothing."""

    def call(**query: str) -> Figure:
        given = {name: value for name, value in query.items() if value}
        got = client.get("/api/v1/kpis", query_string={"metric": "nps", **given}, headers=keys["read"])
        assert got.status_code == 200, got.text
        points = [point for line in got.json["series"] for point in line["points"]]
        counts: Counter[str] = Counter()
        for point in points:
            counts.update({score: n for score, n in (point["counts"] or {}).items() if n})
        return sum(point["n"] or 0 for point in points), counts

    return call


def test_two_customers_of_a_channel_are_not_told_by_crossing_it_with_a_persona(say: Any, ask: Ask) -> None:
    """All, one channel, one persona, and both: what is left would be the two juniors who used the app."""
    say("web", "senior", *[9] * 20)
    say("web", "junior", *[8] * 10)
    say("app", "senior", *[10] * 10)
    say("app", "junior", 0, 3)
    app = ask()[1] - ask(channel="web")[1]
    seniors = ask(persona="senior")[1] - ask(channel="web", persona="senior")[1]
    left = app - seniors
    assert app.total() == 12, "totals are exact"
    assert left == {"10": 5, "0": 1, "3": 1}, "seniors and juniors, seven together"


def test_one_answer_of_today_is_not_told_by_its_day(say: Any, ask: Ask, time: clock.FixedClock) -> None:
    first = time().date()
    say("web", "senior", *[9] * 20)
    say("web", "junior", *[8] * 20)
    until = {each: ask(persona=each, to=first.isoformat()) for each in PERSONAS}
    time.move(days=1)
    say("web", "junior", 0)
    for persona in PERSONAS:
        n, counts = ask(persona=persona)
        assert (n - until[persona][0]) % 5 == 0, "before and after"
        assert counts["0"] == 0
        assert ask(persona=persona, **{"from": time().date().isoformat()})[0] == 0
    assert ask(**{"from": time().date().isoformat()})[0] == 1, "the day's total is exact"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(3))
def test_no_figures_of_a_random_company_tell_of_fewer_than_five(
    say: Any, ask: Ask, time: clock.FixedClock, seed: int
) -> None:
    """Asked after each handful of answers, by channel, persona and up to which day, then subtracted from one another."""
    rng, truth, told = random.Random(seed), Counter[tuple[str, str]](), dict[tuple[str, ...], int]()
    for _ in range(10):
        persona, channel = rng.choices(PERSONAS, (6, 3, 1))[0], rng.choice(CHANNELS)
        scores = rng.choices(range(11), k=rng.randint(4, 12))
        say(channel, persona, *scores)
        truth[channel, persona] += len(scores)
        for each in CHANNELS:
            for until in ("", (time().date() - timedelta(days=1)).isoformat()):
                shown = {persona: _told(ask, told, each, persona, until) for persona in PERSONAS}
                _leaves_enough(ask(channel=each, to=until)[0], shown)
            left = [truth[each, persona] - ask(channel=each, persona=persona)[0] for persona in PERSONAS]
            kinds = sum(truth[each, persona] > 0 for persona in PERSONAS)
            assert not any(left) or sum(n > 0 for n in left) >= min(2, kinds) or not any(shown.values())
        time.move(days=rng.randint(0, 1))
    assert any(told.values())


def _told(ask: Ask, told: dict[tuple[str, ...], int], channel: str, persona: str, until: str) -> int:
    """What is told by persona comes in fives, and moves in fives from one time of asking to the next."""
    n, counts = ask(channel=channel, persona=persona, to=until)
    assert n % 5 == 0
    assert n == counts.total()
    key = (channel, persona, until)
    assert (n - told.get(key, n)) % 5 == 0
    told[key] = n
    return n


def _leaves_enough(whole: int, shown: dict[str, int]) -> None:
    """Who is in the total and in no group: nobody, or five at least, once any group is shown."""
    left = whole - sum(shown.values())
    assert not any(shown.values()) or left == 0 or left >= 5, (whole, shown)
