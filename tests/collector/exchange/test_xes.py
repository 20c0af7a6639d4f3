"""The interaction log as XES: well-formed, one trace an instance, events in order, hostile text harmless."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from sqlalchemy.orm import Session

from collector import clock, interactions
from collector.exchange import xes

SPACE = "{http://www.xes-standard.org/}"


def _record(
    session: Session, company: Any, time: clock.FixedClock, touchpoint: str, customer: str, day: int
) -> None:
    item = {
        "interaction_id": None, "event": "step", "touchpoint": touchpoint, "journey": "first-order", "customer": customer,
        "transaction": None, "journey_instance": None, "channel": "web", "persona": None, "attributes": {},
        "occurred_at": time() + timedelta(days=day),
    }  # fmt: skip
    interactions.record(session, company, [item], time())


def _values(element: ElementTree.Element, key: str) -> list[str | None]:
    return [each.get("value") for each in element.iter() if each.get("key") == key]


def test_an_instance_is_a_trace_and_its_events_are_in_order(
    session: Session, company: Any, time: clock.FixedClock
) -> None:
    _record(session, company, time, "installed", "c-1", 3)
    _record(session, company, time, "order-confirmed", "c-1", 0)
    _record(session, company, time, 'a"<&>b', "c-2", 0)
    file = io.StringIO()
    assert list(xes.export_interactions(session, company.workspace_id, file))[-1] == 3
    log = ElementTree.fromstring(file.getvalue())
    traces = log.findall(f"{SPACE}trace")
    assert len(traces) == 2
    paths = [
        [_values(event, "concept:name")[0] for event in trace.findall(f"{SPACE}event")] for trace in traces
    ]
    assert sorted(paths) == [['a"<&>b'], ["order-confirmed", "installed"]]


def test_an_empty_log_is_a_log(session: Session, company: Any) -> None:
    file = io.StringIO()
    assert list(xes.export_interactions(session, company.workspace_id, file)) == []
    assert ElementTree.fromstring(file.getvalue()).findall(f"{SPACE}trace") == []
