"""What a run wants to find out, as it is stored: one measure held against a threshold, or between two variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from collector import instruments
from collector.instruments import Template

DESIGNS = ("fixed", "always_valid")
KINDS = ("threshold", "difference")
DIRECTIONS = ("above", "below")


def is_open(template: Template) -> bool:
    """Whether a survey asks in people's own words alone: nothing of it can be counted, so there is nothing to assume."""
    return all(instruments.takes_text(question.kind) for question in template.questions)


@dataclass(frozen=True)
class Hypothesis:
    """``measure`` is the survey's metric, or another question of it; ``value`` a threshold or a difference worth finding,
    in the measure's unit. A difference is that of ``variant`` against ``against``, expected to lie ``above`` or ``below`` 0.
    """

    measure: str
    kind: str
    direction: str
    value: float
    variant: str | None = None
    against: str | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Hypothesis:
        return cls(**{name: stored.get(name) for name in cls.__dataclass_fields__})  # type: ignore[arg-type]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
