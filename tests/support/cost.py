"""What each file of tests costs in processor time, its processes included: steadier than the clock on busy machines."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

_seen = 0.0


def begin() -> None:
    """What was used until now, to import and collect, is nobody's."""
    global _seen
    _seen = sum(os.times()[:4])


def note(report: Any) -> None:
    """Put onto a report what this process and its ended children have used since the last one."""
    global _seen
    used = sum(os.times()[:4])
    report.cpu, _seen = used - _seen, used


def by_file(reports: Iterable[Any]) -> list[tuple[str, float, int]]:
    """File, seconds, number of tests; the dearest first."""
    seconds: defaultdict[str, float] = defaultdict(float)
    tests: Counter[str] = Counter()
    for report in reports:
        file = report.nodeid.partition("::")[0]
        seconds[file] += getattr(report, "cpu", 0.0)
        tests[file] += report.when == "call"
    dearest = sorted(seconds.items(), key=lambda each: -each[1])
    return [(file, used, tests[file]) for file, used in dearest]
