"""No schema of the wire writes times in a form of its own: they all go through ``bodies.Moment``."""

from __future__ import annotations

import re
from pathlib import Path


def test_only_the_house_field_reads_and_writes_times(root: Path) -> None:
    sources = {path: path.read_text() for path in (root / "collector").rglob("*.py")}
    others = [
        str(path.relative_to(root))
        for path, text in sources.items()
        if path.name != "bodies.py" and re.search(r"fields\.(Aware|Naive)?DateTime\b", text)
    ]
    assert others == []
