"""``python -m collector.migrations "say what changes"``: write the next revision from the models."""

from __future__ import annotations

import sys
import tempfile

from alembic import command

from collector.migrations import alembic_config, heads, upgrade


def main(message: str) -> None:
    number = f"{int(heads()[0]) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/revision.db"
        upgrade(url)
        command.revision(alembic_config(url), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit("say what changes"))
