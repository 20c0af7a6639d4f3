"""A second factor: set up by a person, asked for at each of their sign-ins, ended by them or by an administrator."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, delete, select, update
from sqlalchemy.orm import Session

from collector import clock, db, errors
from collector.changes import record
from collector.workspaces import totp
from collector.workspaces.models import Person, SecondFactor

RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another one."""


def of(session: Session, person: Person) -> SecondFactor | None:
    """The factor that is asked for, or None."""
    row = session.get(SecondFactor, (person.workspace_id, person.person_id))
    return row if row is not None and row.confirmed_at is not None else None


def whose(session: Session, workspace_id: uuid.UUID) -> set[uuid.UUID]:
    """Who has one."""
    query = select(SecondFactor.person_id).where(
        SecondFactor.workspace_id == workspace_id, SecondFactor.confirmed_at.is_not(None)
    )
    return set(session.scalars(query))


def begin(session: Session, person: Person) -> SecondFactor:
    """A new secret, which holds nothing until a code of it was typed; raises 409 where one is asked for already."""
    row = session.get(SecondFactor, (person.workspace_id, person.person_id))
    if row is None:
        row = SecondFactor(workspace_id=person.workspace_id, person_id=person.person_id)
        session.add(row)
    elif row.confirmed_at is not None:
        raise errors.Conflict("There is a second factor already; end it first.", "has_second_factor")
    row.secret, row.last_step, row.recovery = clock.new_secret(totp.SECRET_BYTES), 0, []
    session.flush()
    return row


def pending(session: Session, person: Person) -> SecondFactor | None:
    """The secret that waits for its first code."""
    row = session.get(SecondFactor, (person.workspace_id, person.person_id))
    return row if row is not None and row.confirmed_at is None else None


def confirm(session: Session, person: Person, typed: str, now: datetime) -> list[str]:
    """From now on it is asked for; the recovery codes, shown this once. Raises 422 for a wrong code."""
    row = pending(session, person)
    step = totp.step_of(row.secret, _plain(typed), now, row.last_step) if row else None
    if row is None or step is None:
        raise _wrong()
    codes = ["-".join(_letters(5) for _ in range(2)) for _ in range(RECOVERY_CODES)]
    row.confirmed_at, row.last_step, row.recovery = now, step, [_hash(_plain(each)) for each in codes]
    _note(session, person, person.email, "factor_on", now)
    session.flush()
    return codes


def check(session: Session, person: Person, typed: str, now: datetime) -> None:
    """Take a code, or a recovery code, once; raises 422 for one that is wrong, past its time or used."""
    row, plain = of(session, person), _plain(typed)
    step = totp.step_of(row.secret, plain, now, row.last_step) if row else None
    if row is None or not (_take_step(session, row, step) if step else _take_recovery(session, row, plain)):
        raise _wrong()
    if not step:
        _note(session, person, person.email, "recovery_used", now)
    session.flush()


def end(session: Session, person: Person, actor: str, now: datetime) -> None:
    """Ask for it no more."""
    gone = session.execute(delete(SecondFactor).where(*_mine(person)))
    if isinstance(gone, CursorResult) and gone.rowcount:
        _note(session, person, actor, "factor_off", now)
    session.flush()


def _take_step(session: Session, row: SecondFactor, step: int) -> bool:
    """Of two who type the same code at once, one gets in."""
    later = (*_mine(row), SecondFactor.last_step < step)
    taken = session.execute(update(SecondFactor).where(*later).values(last_step=step))
    return isinstance(taken, CursorResult) and taken.rowcount == 1


def _take_recovery(session: Session, row: SecondFactor, plain: str) -> bool:
    held = db.lock(session, select(SecondFactor).where(*_mine(row))).execution_options(populate_existing=True)
    fresh = session.scalars(held).one()
    if _hash(plain) not in fresh.recovery:
        return False
    fresh.recovery = [each for each in fresh.recovery if each != _hash(plain)]
    return True


def _mine(row: Person | SecondFactor) -> tuple[ColumnElement[bool], ...]:
    return SecondFactor.workspace_id == row.workspace_id, SecondFactor.person_id == row.person_id


def _note(session: Session, person: Person, actor: str, verb: str, now: datetime) -> None:
    record(session, person.workspace_id, now, actor, verb, "person", str(person.person_id))


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def _plain(typed: str) -> str:
    """A code as it was meant: people type spaces, hyphens and capitals."""
    return "".join(letter for letter in typed.lower() if letter.isalnum())


def _hash(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


def _wrong() -> errors.BadInput:
    return errors.BadInput(
        "The code is wrong, or was used already.", "wrong_code", {"code": ["does not fit"]}
    )
