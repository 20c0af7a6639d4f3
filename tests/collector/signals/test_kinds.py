"""Every rule is a kind with its words, and all of them share one number of false alarms."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from collector.locale import Speaker
from collector.signals import KINDS, Sentences, Signal, rules

LOCALES = ("en", "de")


def test_every_rule_has_a_kind_and_every_kind_is_a_rule() -> None:
    assert sorted(KINDS) == sorted(rules.RULES)


def test_the_shares_are_all_of_the_false_alarms_and_no_more() -> None:
    assert 0.5 < sum(rules.SHARES.values()) <= 1 + 1e-9
    assert set(rules.SHARES).isdisjoint(rules.SIMPLY_SO)


@pytest.mark.parametrize("rule", rules.RULES)
def test_each_is_named_and_asked_for_in_each_language(rule: str) -> None:
    said = [(say.rule(rule), say.when(rule)) for say in (Sentences(Speaker(key), {}) for key in LOCALES)]
    assert len(set(said)) == len(LOCALES)
    assert all(all(words) for words in said)


SHARES = {
    name: {"n": n, "share": 30.0, "low": 1.0, "high": 90.0}
    for name, n in (("before", 1201), ("after", 1202), ("part", 1203), ("rest", 1204))
}
FIGURES = {
    "usual": {"n": 1205, "value": 31.0, "low": 20.0, "high": 40.0},
    "lately": {"n": 1206, "value": 12.0, "low": 2.0, "high": 20.0},
    "change": {"value": -12.0, "low": -25.0, "high": -1.0},
}
WAYS = {
    name: {**FIGURES[name], "sides": sides}
    for name, sides in (("usual", [1207, 1208]), ("lately", [1209, 1210]))
}
COMPARED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "fall": (SHARES, ["n 1,201", "n 1,202"]),
    "silence": (SHARES, ["n 1,201", "n 1,202"]),
    "part": ({**SHARES, "of": {"channel": "web"}}, ["n 1,203", "n 1,204"]),
    "drift": (FIGURES, ["n 1,205", "n 1,206"]),
    "handover": ({**FIGURES, **WAYS}, ["n 1,207 and 1,208", "n 1,209 and 1,210"]),
    "flood": ({"n": 1211, "expected": 40.5, "most": 1212}, ["1,211", "40.5", "1,212"]),
    "topic": ({"n": 1213, "wrote": 1214, "name": "late", "unhappy": 1, "from": "", "to": "", "topic_id": ""}, ["1,213 of 1,214", "nobody"]),
    "unhappy": ({"score": 2}, ["2"]),
}  # fmt: skip
"""Rule -> facts, and what its sentence must say of both sides."""


def signal(rule: str) -> Signal:
    """One with facts of its kind."""
    return Signal(
        rule=rule, touchpoint="shop", before="advice", metric="nps", since=date(2026, 11, 2), facts=COMPARED[rule][0],
    )  # fmt: skip


@pytest.mark.parametrize("rule", rules.RULES)
def test_its_sentence_says_what_was_compared_and_with_how_many_on_both_sides(rule: str) -> None:
    _facts, wanted = COMPARED[rule]
    said, german = (
        Sentences(Speaker(key), {"shop": "Shop", "advice": "Advice"}).of(signal(rule)) for key in LOCALES
    )
    assert all(each in said for each in wanted)
    assert sorted(re.findall(r"\b1[.,]2\d\d\b", german)) == sorted(
        each.replace(",", ".") for each in re.findall(r"\b1[.,]2\d\d\b", said)
    )


@pytest.mark.parametrize("rule", rules.RULES)
def test_what_was_picked_for_standing_out_says_so(rule: str) -> None:
    """All kinds that compare two samples; a flood is one day's whole number, a topic all who wrote."""
    note = Sentences(Speaker("en"), {}).note(signal(rule))
    assert bool(note) == (rule in {"fall", "silence", "part", "drift", "handover"})


@pytest.mark.parametrize("rule", rules.RULES)
def test_long_names_give_way_where_a_sentence_becomes_a_title(rule: str) -> None:
    say = Sentences(Speaker("en"), {"shop": "Shop " * 30, "advice": "Advice " * 30})
    title = say.title(signal(rule))
    assert len(title) <= 200
    assert all(each in title for each in COMPARED[rule][1])
    short = Sentences(Speaker("en"), {"shop": "Shop"})
    assert short.title(signal(rule)) == short.of(signal(rule))


def test_each_rule_says_how_often_it_is_wrong() -> None:
    say = Sentences(Speaker("en"), {})
    assert say.budget("fall", 2.0) == f"on average wrong at most {2 * rules.SHARES['fall']:.2f} times a year"
    assert say.budget("unhappy", 2.0) == "simply so"


def test_the_documentation_has_the_same_shares(pytestconfig: pytest.Config) -> None:
    page = (pytestconfig.rootpath / "docs/explanation/signals.md").read_text("utf-8")
    for share in rules.SHARES.values():
        assert f"| {share:g} |" in page
