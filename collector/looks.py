"""Whether there is anything to do: what each job asks time and again, whether or not there is.

The statement is built once, and asks for no more than one row's being there; it goes to the driver past the ORM, and by a
reader without a transaction around it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal_column
from sqlalchemy.orm import Session

from collector import prepared
from collector.db import UtcDateTime

Find = Callable[[datetime], Any]
"""What is to be done by a time. It may compare the time, and reckon nothing from it."""


def found(session: Session, find: Find, now: datetime) -> bool:
    """Whether anything is there to be done: a look that locks nothing."""
    return bool(prepared.send(session, _built(find), [{"now": now}]))


@cache
def _built(find: Find) -> Select[Any]:
    at: Any = bindparam("now", type_=UtcDateTime)
    one: Any = literal_column("1")
    wanted: Select[Any] = find(at)
    return wanted.with_only_columns(one, maintain_column_froms=True).limit(1)
