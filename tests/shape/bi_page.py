"""Writes ``docs/reference/bi-views.md`` from the views themselves (part of ``make openapi``)."""

from __future__ import annotations

from pathlib import Path

from collector import bi

PAGE = Path(__file__).parents[2] / "docs/reference/bi-views.md"
HEAD = f"""# Views for BI, version {bi.VERSION}

Made by `afterword bi install` ([how to](../how-to/connect-bi.md)): on PostgreSQL in the schema `{bi.SCHEMA}`, on SQLite
with the prefix `{bi.PREFIX}`. A version may gain columns; what is renamed, taken away or comes to mean something else
makes the next version, beside this one.
"""


def page() -> str:
    parts = [HEAD]
    for view in bi.VIEWS:
        rows = "\n".join(f"| `{name}` | {says} |" for name, says in view.columns.items())
        parts.append(
            f"\n## {view.name}\n{view.says[0].upper()}{view.says[1:]}.\n\n| column | what it says |\n|---|---|\n{rows}\n"
        )
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
