"""The answers come in: those of long ago at once, the last days one by one, as a collector that ran would have taken them.

So what changed in these days was noticed on its day, and by now stands on the desk as a signal.
"""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from collector import signals
from collector.kpis import rollups
from collector.responses import Response
from collector.signals import Signal

LIVED = 14
"""Days that were lived."""
A_DAY = timedelta(days=1)


def take_in(
    session: Session, workspace_id: uuid.UUID, answers: Sequence[dict[str, Any]], reader: str, now: datetime
) -> None:
    """Keep, count and look at these answers, evening by evening; ``reader`` knows what customers wrote by the next one."""
    waiting = sorted(answers, key=lambda row: (row["received_at"], row["response_id"]))
    for evening in (now - days * A_DAY for days in range(LIVED, -1, -1)):
        cut = bisect_right(waiting, evening, key=itemgetter("received_at"))
        come, waiting = waiting[:cut], waiting[cut:]
        _read(session, workspace_id, reader, evening)
        if come:
            session.execute(insert(Response), come)
        while rollups.count(session, evening):
            session.expunge_all()
        if evening > now - LIVED * A_DAY:
            while signals.jobs.notice(session, evening):
                session.expunge_all()


def _read(session: Session, workspace_id: uuid.UUID, reader: str, now: datetime) -> None:
    """What single customers wrote until yesterday has been read by somebody."""
    open_ones = (Signal.workspace_id == workspace_id, Signal.rule == "unhappy", Signal.state == "open")
    for row in session.scalars(select(Signal).where(*open_ones)):
        signals.know(session, row, reader, now)
