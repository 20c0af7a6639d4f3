"""One sender's flood leaves the others their turn in each round."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from collector.rounds import Rounds


@dataclass(frozen=True)
class Request:
    lane: str
    number: int = 0


def queued(*names: str, at_once: float = float("inf")) -> Rounds[Request]:
    rounds: Rounds[Request] = Rounds(lambda lane: at_once)
    for number, name in enumerate(names):
        rounds.append(Request(name, number))
    return rounds


def taken(rounds: Rounds[Request]) -> str:
    said = ""
    while rounds:
        said += rounds.popleft().lane
    return said


def test_each_has_a_turn_in_each_round() -> None:
    assert taken(queued(*"aaaaaaaa", *"bb", *"c")) == "abcabaaaaaa"


def test_what_one_sends_stays_in_order() -> None:
    rounds = queued(*"aabab")
    assert [rounds.popleft() for _ in range(5)] == [
        Request("a", 0), Request("b", 2), Request("a", 1), Request("b", 4), Request("a", 3),
    ]  # fmt: skip


def test_who_comes_into_a_flood_waits_for_one_of_it() -> None:
    rounds = queued(*"a" * 1000)
    rounds.popleft()
    rounds.append(Request("b"))
    assert [rounds.popleft().lane for _ in range(3)] == ["a", "b", "a"]


def test_no_lane_has_more_out_than_it_may() -> None:
    rounds = queued(*"aaab", at_once=2)
    assert [rounds.popleft().lane for _ in range(3)] == ["a", "b", "a"]
    assert len(rounds) == 1
    assert not rounds
    with pytest.raises(IndexError):
        rounds.popleft()
    rounds.done("a")
    assert rounds.popleft().lane == "a"


def test_what_leaves_is_forgotten() -> None:
    rounds = queued(*"ab")
    rounds.remove(Request("a", 0))
    assert Request("a", 0) not in rounds
    assert list(rounds) == [Request("b", 1)]
    assert rounds.peek() == Request("b", 1)


def test_a_full_queue_is_full_for_whoever_filled_it() -> None:
    rounds = queued(*"aaaa")
    assert rounds.is_over_its_share("a", 4)
    assert not rounds.is_over_its_share("b", 4)
    rounds.append(Request("b"))
    rounds.append(Request("b"))
    assert rounds.is_over_its_share("b", 4)
