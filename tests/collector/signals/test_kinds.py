"""Every rule is a kind with its words, and all of them share one number of false alarms."""

from __future__ import annotations

import pytest

from collector.locale import Speaker
from collector.signals import KINDS, Sentences, rules

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


def test_each_rule_says_how_often_it_is_wrong() -> None:
    say = Sentences(Speaker("en"), {})
    assert say.budget("fall", 2.0) == f"on average wrong at most {2 * rules.SHARES['fall']:.2f} times a year"
    assert say.budget("unhappy", 2.0) == "simply so"


def test_the_documentation_has_the_same_shares(pytestconfig: pytest.Config) -> None:
    page = (pytestconfig.rootpath / "docs/explanation/signals.md").read_text("utf-8")
    for share in rules.SHARES.values():
        assert f"| {share:g} |" in page
