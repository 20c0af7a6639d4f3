"""Whatever a trigger ends in has words on the pages that tell it."""

from __future__ import annotations

import re
from pathlib import Path

import collector

STATION = Path(collector.__file__).parent / "invitations"
REASON = re.compile(r'(?:_skip\(|Verdict\("(?:skip|invite)", )"(\w+)"')


def test_every_reason_has_its_words() -> None:
    given = {name for path in STATION.glob("*.py") for name in REASON.findall(path.read_text("utf-8"))}
    worded = set(
        re.findall(r'"(\w+)": _\(', (STATION / "templates/invitations/_reasons.html").read_text("utf-8"))
    )
    assert {"invited", "other_step", "cancelled"} <= given
    assert given | {"quarantine", "cap"} <= worded  # these two are said of a block that was found
