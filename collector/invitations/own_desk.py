"""A desk at which one survey is asked, on its own day and not as a step of a way through the journey."""

from __future__ import annotations

from dataclasses import dataclass

from collector import surveys
from collector.invitations import drawing
from collector.invitations.desk import Desk


@dataclass
class OwnDesk(Desk):
    """Where a run asks its members, or somebody is asked once more: all other rules of asking hold."""

    survey: str = ""

    def standing(
        self, touchpoint: str, journey: str | None, target: str | None, also: str | None = None
    ) -> list[surveys.Standing]:
        found = super().standing(touchpoint, journey, target, also or self.survey)
        return [each for each in found if each.key == self.survey]

    def draw(self, journey: str | None, instance: str | None, transaction: str | None) -> drawing.Draw | None:
        return None
