"""How much of what could be measured is measured: before, during and after the sale. Pure.

A touchpoint counts as measured when answers have come from it (``measured``, given by the caller), as open to
measurement when it is measurable and its feedback is enabled. Shares are 0 to 1, None where there is nothing to share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from collector.journeys.definitions import STAGES, Touchpoint


@dataclass(frozen=True)
class Coverage:
    """Touchpoint counts of a stage: all of them, those that can be measured, those that are."""

    stage: str
    touchpoints: int
    measurable: int
    measured: int
    silent: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """Measured of all touchpoints, 0 to 1."""
        return self.measured / self.touchpoints if self.touchpoints else None

    @property
    def share_of_measurable(self) -> float | None:
        """Measured of those that can be measured, 0 to 1."""
        return self.measured / self.measurable if self.measurable else None


def coverage(touchpoints: Iterable[Touchpoint], measured: Collection[str]) -> tuple[Coverage, ...]:
    """One row per stage in the customer's order; ``silent`` names what could be measured and is not."""
    listed = [item for item in touchpoints if item.archived_at is None]
    return tuple(_of(stage, [item for item in listed if item.stage == stage], measured) for stage in STAGES)


def _of(stage: str, touchpoints: list[Touchpoint], measured: Collection[str]) -> Coverage:
    answered = {item.key for item in touchpoints if item.key in measured}
    open_ones = [
        item for item in touchpoints if item.key in answered or (item.measurable and item.feedback_enabled)
    ]
    silent = tuple(item.key for item in open_ones if item.key not in answered)
    return Coverage(stage, len(touchpoints), len(open_ones), len(answered), silent)
