"""The verb that makes a signal an insight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from collector import signals
from collector.insights import evidence, reading
from collector.insights.actions import Thought, file
from collector.insights.models import Insight
from collector.signals import Signal

CITED = 5
"""Of the answers that a signal tells of, the first ones."""


def take_up(
    session: Session,
    signal: Signal,
    title: str,
    by: str,
    now: datetime,
    text: str = "",
    owners: Sequence[str] | None = None,
) -> Insight:
    """Make a signal an insight that keeps its figures; the signal is known from now on.

    A second time gives the same one, whatever it is called by now.
    """
    who = signal.workspace_id
    if signal.insight_id is not None:
        return reading.get(session, who, signal.insight_id)
    cites = signals.reading.answers(signal)[:CITED]
    kept = evidence.of_signal(session, who, signal)
    thought = Thought(title, signal.touchpoint, signal.before, signal.journey, text, owners, kept, cites)
    row = file(session, who, thought, by, now)
    signals.link(session, signal, row.insight_id)
    signals.know(session, signal, by, now)
    return row
