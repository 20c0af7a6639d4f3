"""Response rates: the funnel of a survey in the page, and AAPOR's six rates for people who were invited.

Who was never asked (suppressed by a rule) is in no denominator: suppressed is not the same as silent.
"""

from dataclasses import dataclass

from collector.statistics import Share, share


@dataclass(frozen=True)
class Funnel:
    """How many triggers reached which station; suppressed ones end as eligible but not sampled."""

    eligible: int
    sampled: int
    displayed: int
    started: int
    completed: int
    commented: int


def rates(funnel: Funnel) -> dict[str, Share]:
    """Return each station as a share of the one it follows. None of them is the response rate: that counts all who were asked.

    A comment is optional and may come with an unfinished answer, so commented is a share of those started.
    What came later proves what went before: an answer whose display was never reported counts as displayed.
    """
    started = max(funnel.started, funnel.completed, funnel.commented)
    displayed = max(funnel.displayed, started)
    sampled = max(funnel.sampled, displayed)
    return {
        "sampled": share(sampled, max(funnel.eligible, sampled)),
        "displayed": share(displayed, sampled),
        "started": share(started, displayed),
        "completed": share(funnel.completed, started),
        "commented": share(funnel.commented, started),
    }


@dataclass(frozen=True)
class Dispositions:
    """Final dispositions of invited people (AAPOR Standard Definitions): each is in exactly one."""

    complete: int
    partial: int
    refused: int
    no_contact: int
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0


def aapor(counts: Dispositions, eligible_share: float) -> dict[str, float | None]:
    """Return RR1 to RR6, each 0..1; None without anybody in the denominator.

    eligible_share (e): the estimated share, 0..1, of eligible people among those of unknown eligibility.
    Odd rates count complete answers, even ones partial answers too; all of the unknown (1, 2), the share e of them
    (3, 4) or none (5, 6) stand in the denominator.
    """
    if not 0 <= eligible_share <= 1:
        raise ValueError("the share of eligible people lies between 0 and 1")
    known = counts.complete + counts.partial + counts.refused + counts.no_contact + counts.other
    unknown = counts.unknown_household + counts.unknown_other
    found: dict[str, float | None] = {}
    for number, weight in ((1, 1.0), (3, eligible_share), (5, 0.0)):
        base = known + weight * unknown
        found[f"RR{number}"] = counts.complete / base if base else None
        found[f"RR{number + 1}"] = (counts.complete + counts.partial) / base if base else None
    return found
