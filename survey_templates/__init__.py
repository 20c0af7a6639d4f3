"""The instruments as data: one YAML file per template, all locales inline, and the widget's words.

This package only says where its files lie; it imports nothing. `collector/instruments/files.py` reads them.
The form of a file stands in docs/reference/templates.md; `afterword templates lint` checks it.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
WORDS = FOLDER / "words.yaml"


def files() -> list[Path]:
    """List the template files, by name."""
    return sorted(path for path in FOLDER.glob("*.yaml") if path != WORDS)
