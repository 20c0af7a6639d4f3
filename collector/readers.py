"""Sessions that only look: a row found by its key costs them its statement, and nothing around it.

A session begins a transaction before its first word and rolls it back after its last. Who looks a row up needs neither:
each statement sees what is committed by then. Begun and ended, it costs four times what SQLite needs for the row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from collector import engines


class Reader(Session):
    """A session whose look-ups (``prepared.send``) begin nothing; whatever the ORM reads, it reads in a transaction as ever.

    It never holds two connections: once a transaction begins, its look-ups are sent there too.
    """

    _own: Connection | None = None

    def look(self) -> Connection:
        """The connection for a look-up, kept until this session is closed or begins a transaction."""
        if self.in_transaction():
            return self.connection()
        if self._own is None:
            self._own = self.get_bind().engine.connect()
            engines.stand_alone(self._own, True)
        return self._own

    def give_back(self) -> None:
        """Give back the connection for look-ups, where there is one."""
        own, self._own = self._own, None
        if own is not None:
            own.close()

    def close(self) -> None:
        self.give_back()
        if self.in_transaction():
            super().close()


@event.listens_for(Reader, "after_transaction_create")
def _look_there(reader: Reader, _transaction: Any) -> None:
    reader.give_back()
