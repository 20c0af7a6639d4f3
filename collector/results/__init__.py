"""What community runs came to: how far they are, the verdict on their hypotheses, the insight that stays.

In: a run's definition, its invitations and its answers. Out: progress, a verdict that survives many looks, pages and
files of a run. Read by the demo and the command line.
"""

from collector.results import (
    clicks,
    concluding,
    making,
    reaching,
    reading,
    respondents,
    tallies,
    telling,
    verdict,
)
from collector.results.schemas import RunIn
from collector.results.wording import Words

__all__ = [
    "RunIn",
    "Words",
    "clicks",
    "concluding",
    "making",
    "reaching",
    "reading",
    "respondents",
    "tallies",
    "telling",
    "verdict",
]
