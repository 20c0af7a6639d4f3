"""The database's history: Alembic revisions inside the package, run by ``afterword db upgrade``.

In: a database URL. Out: its tables at the newest revision. ``env.py`` imports every station's models once.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from collector import db
from collector.migrations import citus, guard
from collector.migrations.guard import NewerTables

FOLDER = Path(__file__).parent


def alembic_config(url: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> bool:
    """Bring the database at ``url`` to a revision; running it again changes nothing.

    Any number of processes may call this at once. False where the tables are of a newer version, with which this one
    works: they stay as they are. Raises ``NewerTables`` where it does not.
    """
    with guard.alone(url):
        if _is_newer(url):
            return False
        guard.patiently(lambda: command.upgrade(alembic_config(url), revision))
    return True


def _is_newer(url: str) -> bool:
    with db.opened(url) as engine, engine.connect() as connection:
        return is_newer(connection)


def is_newer(connection: Connection) -> bool:
    """Whether the tables are of a newer version, with which this one works; raises ``NewerTables`` if it does not."""
    return guard.is_newer(connection, known())


def heads() -> list[str]:
    """The newest revisions; a shape test demands exactly one."""
    return ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()


def known() -> set[str]:
    """All revisions of this version, from the first to the newest."""
    script = ScriptDirectory.from_config(alembic_config("sqlite://"))
    return {each.revision for each in script.walk_revisions()}


__all__ = ["FOLDER", "NewerTables", "alembic_config", "citus", "heads", "is_newer", "known", "upgrade"]
