"""The database's history: Alembic revisions inside the package, run by ``afterword db upgrade``.

In: a database URL. Out: its tables at the newest revision. ``env.py`` imports every station's models once.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory

from collector.migrations import citus

FOLDER = Path(__file__).parent


def alembic_config(url: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at ``url`` to a revision; running it again changes nothing."""
    command.upgrade(alembic_config(url), revision)


def heads() -> list[str]:
    """The newest revisions; a shape test demands exactly one."""
    return ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()


def known() -> set[str]:
    """All revisions of this version, from the first to the newest."""
    script = ScriptDirectory.from_config(alembic_config("sqlite://"))
    return {each.revision for each in script.walk_revisions()}


__all__ = ["FOLDER", "alembic_config", "citus", "heads", "known", "upgrade"]
