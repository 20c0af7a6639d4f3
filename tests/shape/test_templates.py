"""Every page that the code names is there: a template that is moved and not renamed fails before anybody opens it."""

from __future__ import annotations

import re
from pathlib import Path


def test_every_template_that_the_code_names_exists(root: Path) -> None:
    there = {
        str(path.relative_to(folder))
        for folder in (root / "collector").rglob("templates")
        for path in folder.rglob("*.html")
    }
    named = {
        (str(path.relative_to(root)), name)
        for path in (root / "collector").rglob("*.py")
        for name in re.findall(r'"((?:\w+/)*\w+\.html)"', path.read_text())
    }
    assert len(named) > 20
    found = there | {name.rpartition("/")[2] for name in there}
    assert [(file, name) for file, name in sorted(named) if name not in found] == []
