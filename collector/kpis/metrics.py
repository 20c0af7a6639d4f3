"""The metric registry: what each number means; the definition page reads it, and so do the scores."""

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["net", "share", "mean"]
Band = range


@dataclass(frozen=True)
class Metric:
    """One metric: what people read about it, and the bands its figures are computed from.

    lowest and highest bound the scores of one answer; top and bottom are the bands counted as favourable and
    unfavourable. kind says which figure leads: the top share minus the bottom share ("net", -100..100), the
    top share ("share", 0..100) or the mean on the scale ("mean").
    """

    key: str
    name: str
    kind: Kind
    formula: str
    unit: str
    scale: str
    direction: str
    range: tuple[int, int]
    reading: str
    source: str
    lowest: int
    highest: int
    top: Band
    bottom: Band
    has_mean: bool


GOAL_SCORES = {"no": 0, "partly": 1, "yes": 2}
"""The score under which an answer to the goal question is counted, by its option key."""

HIGHER = "higher is better"
WILSON = "Interval: Wilson 1927, after Newcombe 1998, Statistics in Medicine 17:857-872."
MEAN_SCORE = (
    "Interval: score interval of a bounded mean; the one that Rocks 2016 (The American Statistician 70:365-372) gives"
    " for the NPS, carried over here to scales of more steps."
)

_NPS = Metric(
    key="nps",
    name="Net Promoter Score",
    kind="net",
    formula="share of 9 and 10 minus share of 0 to 6, times 100",
    unit="points",
    scale="0 (not at all likely) to 10 (extremely likely)",
    direction=HIGHER,
    range=(-100, 100),
    reading=(
        "Above 0 there are more promoters (9 and 10) than detractors (0 to 6). 7 and 8 count in n only. The same score can come from"
        " very different distributions: look at those, and compare like with like."
    ),
    source=(
        "Reichheld 2003, Harvard Business Review 81(12)."
        " Interval: score interval, Rocks 2016, The American Statistician 70:365-372."
    ),
    lowest=0,
    highest=10,
    top=range(9, 11),
    bottom=range(7),
    has_mean=True,
)

_CSAT = Metric(
    key="csat",
    name="Customer Satisfaction",
    kind="share",
    formula="share of 4 and 5, times 100",
    unit="%",
    scale="1 (very unsatisfied) to 5 (very satisfied)",
    direction=HIGHER,
    range=(0, 100),
    reading="How many of a hundred were satisfied. Whether the others were neutral or angry, the distribution tells.",
    source=f"The top-two-box share of a labelled five-point scale. {WILSON}",
    lowest=1,
    highest=5,
    top=range(4, 6),
    bottom=range(1, 3),
    has_mean=True,
)

_CES = Metric(
    key="ces",
    name="Customer Effort Score 2.0",
    kind="mean",
    formula="mean of the answers; beside it the share of 5, 6 and 7, times 100",
    unit="scale points",
    scale="1 (strongly disagree that it was easy) to 7 (strongly agree)",
    direction=HIGHER,
    range=(1, 7),
    reading="How far people agree that it was made easy. A few very hard cases pull it down: see the distribution.",
    source=f"Corporate Executive Board 2013 (CES 2.0). {MEAN_SCORE}",
    lowest=1,
    highest=7,
    top=range(5, 8),
    bottom=range(1, 4),
    has_mean=True,
)

_HELPFUL = Metric(
    key="helpful",
    name="Helpful",
    kind="share",
    formula="share of yes, times 100",
    unit="%",
    scale="no (0) or yes (1)",
    direction=HIGHER,
    range=(0, 100),
    reading="How many of a hundred said that it helped.",
    source=f"A share of two answers. {WILSON}",
    lowest=0,
    highest=1,
    top=range(1, 2),
    bottom=range(1),
    has_mean=False,
)

_CLEAR = replace(
    _HELPFUL, key="clear", name="Clear", reading="How many of a hundred said that it was clear to them."
)

_FCR = replace(
    _HELPFUL,
    key="fcr",
    name="Solved at first contact",
    reading="How many of a hundred had their issue solved the first time they got in touch, by their own account.",
)

_GOAL = Metric(
    key="goal",
    name="Goal completion",
    kind="share",
    formula='share of "yes", times 100; "partly" counts as not reached',
    unit="%",
    scale="no, partly or yes",
    direction=HIGHER,
    range=(0, 100),
    reading="How many of a hundred got done, by their own account, what they had come for.",
    source=f"A share of three answers. {WILSON}",
    lowest=0,
    highest=2,
    top=range(2, 3),
    bottom=range(1),
    has_mean=False,
)

_EXIT = replace(
    _GOAL,
    key="exit",
    name="Found what they looked for",
    formula='share of "yes", times 100; "partly" counts as not found',
    reading="How many of a hundred who were asked as they left had found what they were looking for, by their own account.",
)

_STARS = Metric(
    key="stars",
    name="Star rating",
    kind="mean",
    formula="mean of the answers; beside it the share of 4 and 5, times 100",
    unit="stars",
    scale="1 to 5 stars",
    direction=HIGHER,
    range=(1, 5),
    reading="The mean hides two camps: look at the distribution before acting on a middling figure.",
    source=f"The mean of a five-point rating. {MEAN_SCORE}",
    lowest=1,
    highest=5,
    top=range(4, 6),
    bottom=range(1, 3),
    has_mean=True,
)

_EMOTION = Metric(
    key="emotion",
    name="Emotion",
    kind="mean",
    formula="mean of the answers; beside it the share of +1 and +2, times 100",
    unit="scale points",
    scale="-2 (very bad) to +2 (very good)",
    direction=HIGHER,
    range=(-2, 2),
    reading="How people felt at this step, on the same scale on which the team notes what it expects.",
    source=f"A labelled five-point item, answered by customers only. {MEAN_SCORE}",
    lowest=-2,
    highest=2,
    top=range(1, 3),
    bottom=range(-2, 0),
    has_mean=True,
)

METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (_NPS, _CSAT, _CES, _EMOTION, _STARS, _HELPFUL, _CLEAR, _FCR, _GOAL, _EXIT)
}
"""A key names one question: two questions never share one because they share a scale."""
