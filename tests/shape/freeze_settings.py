"""Writes ``docs/reference/settings.md`` from the table in ``collector/config.py`` (part of ``make openapi``)."""

from __future__ import annotations

from pathlib import Path

from collector.config import SETTINGS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
HEAD = """# Settings

Read from the environment once, at the start. An unknown `AFTERWORD_` name or a bad value stops the start with one
clear line. `afterword doctor` prints this list and checks what is set.

| name | default | meaning |
|---|---|---|
"""


def main() -> None:
    rows = [
        f"| `AFTERWORD_{s.name}` | {f'`{s.default}`' if s.default else 'empty'} | {s.help} |"
        for s in SETTINGS
    ]
    PAGE.write_text(HEAD + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
