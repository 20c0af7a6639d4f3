"""Writes ``docs/reference/settings.md`` from the table in ``collector/config.py`` (part of ``make openapi``)."""

from __future__ import annotations

from pathlib import Path

from collector.config import SETTINGS, Setting

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
HEAD = """# Settings

Read from the environment once, at the start. An unknown `AFTERWORD_` name or a bad value stops the start with one
clear line. `afterword doctor` prints this list and checks what is set.

| name | default | meaning |
|---|---|---|
"""


RARE = """
Rarely needed:

| name | default | meaning |
|---|---|---|
"""


def main() -> None:
    rare = _rows([setting for setting in SETTINGS if setting.rare])
    known = _rows([setting for setting in SETTINGS if not setting.rare])
    PAGE.write_text(HEAD + known + (RARE + rare if rare else ""))


def _rows(settings: list[Setting]) -> str:
    return "".join(
        f"| `AFTERWORD_{s.name}` | {f'`{s.default}`' if s.default else 'empty'} | {s.help} |\n"
        for s in settings
    )


if __name__ == "__main__":
    main()
