"""Backups: one file from which everything comes back, made while answers come in, and put back where nothing is lost.

In: a database URL and a file. Out: the file in the database's own form (a SQLite database, or a dump in PostgreSQL's
custom format), so that its own tools read it too.
"""

from collector.backups.folder import drop_old, made_in
from collector.backups.make import back_up
from collector.backups.putting_back import Restored, restore
from collector.backups.refusal import CannotBackUp

__all__ = ["CannotBackUp", "Restored", "back_up", "drop_old", "made_in", "restore"]
