"""The interaction log as XES (IEEE 1849-2016), for process mining: a trace is a journey instance, an event a step."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import quoteattr

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.interactions import Interaction

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
"""
TAIL = "</log>\n"


def export_interactions(
    session: Session, workspace_id: uuid.UUID, file: TextIO, journey: str | None = None
) -> Iterator[int]:
    """Write the log row by row; yields how many events stand in the file after each trace."""
    query = select(Interaction).where(
        Interaction.workspace_id == workspace_id,
        Interaction.journey_instance.is_not(None),
        Interaction.journey.is_not(None) if journey is None else Interaction.journey == journey,
    )
    ordered = query.order_by(
        Interaction.journey, Interaction.journey_instance, Interaction.occurred_at, Interaction.interaction_id
    )
    rows = session.scalars(ordered.execution_options(yield_per=1000))
    file.write(HEAD)
    written = 0
    for (named, instance), events in groupby(rows, key=lambda row: (row.journey, row.journey_instance)):
        file.write(f"  <trace>\n{_text('concept:name', instance)}{_text('afterword:journey', named)}")
        for event in events:
            file.write(_event(event))
            written += 1
        file.write("  </trace>\n")
        yield written
    file.write(TAIL)


def _event(row: Interaction) -> str:
    parts = [
        _text("concept:name", row.touchpoint or row.event),
        _date("time:timestamp", row.occurred_at),
        _text("afterword:event", row.event),
        _text("org:resource", row.channel),
        _text("afterword:customer", row.customer),
        _text("afterword:persona", row.persona),
    ]
    return "    <event>\n" + "".join(parts) + "    </event>\n"


def _text(key: str, value: str | None) -> str:
    return f"      <string key={quoteattr(key)} value={quoteattr(value)}/>\n" if value else ""


def _date(key: str, value: datetime) -> str:
    return f"      <date key={quoteattr(key)} value={quoteattr(clock.iso(value, 'milliseconds'))}/>\n"
