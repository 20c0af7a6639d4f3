"""The kinds of signals in words: one file each, this is the list that all others ask."""

from __future__ import annotations

from collections.abc import Mapping

from collector.signals.kinds.drift import Drift
from collector.signals.kinds.fall import Fall
from collector.signals.kinds.flood import Flood
from collector.signals.kinds.handover import Handover
from collector.signals.kinds.kind import Kind
from collector.signals.kinds.part import Part
from collector.signals.kinds.silence import Silence
from collector.signals.kinds.topic import Topic
from collector.signals.kinds.unhappy import Unhappy

KINDS: Mapping[str, Kind] = {
    kind.key: kind for kind in (Fall(), Drift(), Part(), Handover(), Flood(), Silence(), Unhappy(), Topic())
}
"""Rule -> how it is said; each rule of ``rules`` has one."""

__all__ = ["KINDS", "Kind"]
