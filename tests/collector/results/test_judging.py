"""Words from answers: supported, refuted, still open; the planned difference is found with its planned power."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from simulated_runs import group_of

from collector.communities.runs import Hypothesis, StoredRun
from collector.locale import Speaker
from collector.results.judging import Outcome, judge, together
from collector.results.measures import of_metric
from collector.results.planning import Planned, plan
from collector.results.verdict import ratio_p
from collector.results.wording import Words
from collector.statistics import SRM_ALARM, Group

CSAT, NPS, CES = map(of_metric, ("csat", "nps", "ces"))
BETTER = Hypothesis("csat", "difference", "above", 10, "new", "old")
ABOVE = Hypothesis("csat", "threshold", "above", 80)


def csat(hits: int, n: int) -> Group:
    return group_of(CSAT, [5] * hits + [1] * (n - hits))


def word(hypothesis: Hypothesis, *groups: Group, design: str = "fixed", n: int | None = None) -> str:
    return judge(hypothesis, CSAT, groups, design, n).word


@pytest.mark.parametrize("design", ["fixed", "always_valid"])
def test_words_of_a_threshold(design: str) -> None:
    assert word(ABOVE, csat(95, 100), design=design) == "supported"
    assert word(ABOVE, csat(55, 100), design=design) == "refuted"
    assert word(ABOVE, csat(81, 100), design=design) == "open"
    below = Hypothesis("csat", "threshold", "below", 80)
    assert word(below, csat(95, 100), design=design) == "refuted"
    assert word(below, csat(55, 100), design=design) == "supported"


@pytest.mark.parametrize("design", ["fixed", "always_valid"])
def test_words_of_a_difference(design: str) -> None:
    assert word(BETTER, csat(450, 500), csat(350, 500), design=design) == "supported"
    assert word(BETTER, csat(350, 500), csat(450, 500), design=design) == "refuted"
    assert word(BETTER, csat(1400, 2000), csat(1400, 2000), design=design) == "refuted"
    assert word(BETTER, csat(40, 50), csat(37, 50), design=design) == "open"


def test_what_is_open_says_how_many_more_would_decide() -> None:
    found = judge(BETTER, CSAT, (csat(85, 100), csat(76, 100)), "fixed", 100)
    assert found.word == "open"
    assert found.missing is not None
    factor = 1 + found.missing / 200
    more = csat(round(85 * factor), round(100 * factor)), csat(round(76 * factor), round(100 * factor))
    assert word(BETTER, *more) != "open"


def test_before_the_fixed_number_is_reached_nothing_is_told() -> None:
    found = judge(BETTER, CSAT, (csat(99, 99), csat(0, 120)), "fixed", 100)
    assert (found.word, found.missing) == ("collecting", 1)
    assert found.estimate is found.low is found.p is None
    assert found.sides == ()


def test_req_082_fewer_than_five_are_never_told_of() -> None:
    found = judge(ABOVE, CSAT, (csat(4, 4),), "always_valid", None)
    assert (found.word, found.estimate) == ("hidden", None)


def test_scores_with_ties_and_net_shares() -> None:
    """Figures in their own units: scale points, NPS points."""
    easier = Hypothesis("ces", "difference", "above", 0.5, "new", "old")
    found = judge(easier, CES, (group_of(CES, [6, 7, 7] * 40), group_of(CES, [4, 5, 6] * 40)), "fixed", 100)
    assert found.word == "supported"
    assert found.estimate == pytest.approx(5 / 3)
    liked = Hypothesis("nps", "threshold", "above", 0)
    found = judge(liked, NPS, (group_of(NPS, [10] * 50 + [8] * 30 + [3] * 20),), "fixed", 100)
    assert (found.word, found.estimate) == ("supported", pytest.approx(30))
    assert found.low == pytest.approx(13.9551, abs=1e-3)  # the score interval


def test_among_several_hypotheses_a_doubtful_one_is_open() -> None:
    """Benjamini & Hochberg: 0.04 alone would do, among four it does not."""
    found = together([_with_p(p) for p in (0.04, 0.3, 0.5, 0.9)])
    assert [each.word for each in found] == ["open", "open", "open", "open"]
    assert [each.word for each in together([_with_p(0.04)])] == ["supported"]
    assert found[0].q == pytest.approx(0.16)


@pytest.mark.parametrize(
    ("outcome", "design", "said"),
    [
        (Outcome(BETTER, "refuted", (90, 90)), "fixed", "a smaller one is not"),
        (Outcome(ABOVE, "refuted", (90,)), "fixed", "Refuted."),
        (Outcome(BETTER, "open", (90, 90), missing=150), "fixed", "the answers agreed upon do not decide it"),
        (Outcome(BETTER, "open", (90, 90), missing=150), "always_valid", "about 150 more answers"),
        (Outcome(BETTER, "open", (90, 90), is_alone=True), "fixed", "not beside the other hypotheses"),
    ],
)
def test_a_verdict_says_no_more_than_it_holds(outcome: Outcome, design: str, said: str) -> None:
    assert said in Words(Speaker("en"), {}).outcome(outcome, design)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, 8, "Supported, but smaller than what is worth finding"),
        (1, 14, "whether it is as large as what is worth finding is not decided"),
        (11, 20, "Supported, and at least as large as what is worth finding"),
    ],
)
def test_supported_says_whether_the_difference_is_worth_finding(low: float, high: float, said: str) -> None:
    below = replace(BETTER, direction="below")
    words = Words(Speaker("en"), {})
    for hypothesis, bounds in ((BETTER, (low, high)), (below, (-high, -low))):
        outcome = Outcome(
            hypothesis, "supported", (90, 90), estimate=sum(bounds) / 2, low=bounds[0], high=bounds[1]
        )
        assert said in words.outcome(outcome, "fixed")


@pytest.mark.parametrize(("low", "high", "said"), [(-12, -3, "not even a small one"), (-12, 3, "a smaller one is not")])  # fmt: skip
def test_refuted_says_whether_a_small_difference_is_left(low: float, high: float, said: str) -> None:
    below = replace(BETTER, direction="below")
    for hypothesis, bounds in ((BETTER, (low, high)), (below, (-high, -low))):
        outcome = Outcome(hypothesis, "refuted", (90, 90), estimate=0, low=bounds[0], high=bounds[1])
        assert said in Words(Speaker("en"), {}).outcome(outcome, "fixed")


def test_a_difference_of_shares_is_said_in_percentage_points() -> None:
    words, found = (
        Words(Speaker("en"), {}),
        judge(BETTER, CSAT, (csat(450, 500), csat(350, 500)), "fixed", None),
    )
    assert "The difference is 20.0 percentage points (95 % interval" in words.figures(found)
    assert words.gap(BETTER, 10) == "10.0 percentage points"
    alone = judge(ABOVE, CSAT, (csat(95, 100),), "fixed", None)
    assert "It is 95.0 % (95 % interval" in words.figures(alone)


@pytest.mark.parametrize(
    ("agreed", "said"),
    [(174, "Planned: 174"), (160, "Agreed upon are fewer answers"), (300, "Agreed upon are more answers")],
)
def test_the_plan_is_told_apart_from_what_was_agreed_upon(agreed: int, said: str) -> None:
    run = StoredRun(n=agreed)
    assert Words(Speaker("en"), {}).planned(run, Planned(174, "a formula")).startswith(said)


def _with_p(p: float) -> Outcome:
    return Outcome(ABOVE, "supported" if p < 0.05 else "open", (100,), p=p)


def test_the_planned_difference_is_found_with_the_planned_power() -> None:
    """50 % against 60 %, planned with 80 % power: in 1,000 runs found in 80 %, give or take three standard errors."""
    hypothesis, random = Hypothesis("csat", "difference", "above", 10, "new", "old"), Random(7)
    planned = plan(hypothesis, CSAT, expected=50)
    assert planned.n == 388
    found = 0
    for _ in range(1_000):
        new, old = (sum(random.random() < p for _ in range(planned.n)) for p in (0.6, 0.5))
        found += _quick(hypothesis, new, old, planned.n) == "supported"
    assert found / 1_000 == pytest.approx(0.8, abs=0.038)


def _quick(hypothesis: Hypothesis, new: int, old: int, n: int) -> str:
    groups = [Group.of({0: n - hits, 1: hits}, 0, 1, 100) for hits in (new, old)]
    return judge(hypothesis, CSAT, groups, "fixed", n).word


def test_the_formulas_are_named() -> None:
    assert plan(BETTER, CSAT, expected=5).formula.endswith("(Fleiss, pooled)")
    assert plan(Hypothesis("csat", "difference", "above", 5, "a", "b"), CSAT, expected=5).n == 435
    assert "V = 0.67" in plan(Hypothesis("nps", "difference", "above", 10, "a", "b"), NPS).formula


def test_a_forced_sixty_to_forty_alarms_and_chance_does_not() -> None:
    assert ratio_p([600, 400], [1, 1]) < SRM_ALARM  # type: ignore[operator]
    assert ratio_p([520, 480], [1, 1]) > SRM_ALARM  # type: ignore[operator]
    assert ratio_p([600, 400], [6, 4]) == pytest.approx(1)
    assert ratio_p([9, 0], [1, 1]) == pytest.approx(2 * 0.5**9)  # exact where chi-square is not
    assert ratio_p([1, 1, 0], [1, 1, 1]) is None
