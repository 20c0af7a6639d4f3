"""What every command needs: the settings, a transaction, the workspace; and errors as one clear line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from collector import config, db, errors, workspaces
from collector.backups import CannotBackUp
from collector.bi import BadRole
from collector.migrations import NewerTables
from collector.yaml_marks import FileError

Command = TypeVar("Command", bound=Callable[..., Any])


class Family(click.Group):
    """Commands in the order of use, and every error of ours as a line instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except config.SettingError as error:
            raise Refusal(str(error), 2) from None
        except FileError as error:
            raise Refusal("\n".join(str(problem) for problem in error.problems), 2) from None
        except errors.AfterwordError as error:
            raise Refusal(_line(error), 2 if error.status < 500 else 1) from None
        except (BadRole, CannotBackUp, NewerTables) as error:
            raise Refusal(str(error), 1) from None
        except (OperationalError, ProgrammingError, InterfaceError) as error:
            raise Refusal(_refused(str(error.orig).strip()), 1) from None


class Refusal(click.ClickException):
    """One clear line and an exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc] # click reads it of the instance too


@contextmanager
def transaction(settings: config.Config | None = None) -> Iterator[Session]:
    """A session that is committed at the end, or not at all."""
    url = (settings or config.load()).database_url
    with db.opened(url, 2) as engine, db.make_sessions(engine).begin() as session:
        yield session


def find_workspace(session: Session, name: str | None) -> workspaces.Workspace:
    """The named workspace, or the only one."""
    query = select(workspaces.Workspace).order_by(workspaces.Workspace.created_at)
    found = [row for row in session.scalars(query) if name in {None, row.name, str(row.workspace_id)}]
    if len(found) == 1:
        return found[0]
    if not found:
        wanted = f"There is no workspace {name!r}" if name else "There is no workspace yet"
        raise errors.NotFound(f"{wanted}; run `afterword init`.", "unknown_workspace")
    names = ", ".join(row.name for row in found)
    raise errors.BadInput(
        f"There are several workspaces ({names}); choose one with --workspace.", "which_workspace"
    )


def in_workspace(command: Command) -> Command:
    """The option that chooses the workspace where there are several."""
    return click.option("--workspace", metavar="NAME", help="Which workspace, where there are several.")(
        command
    )


def _refused(said: str) -> str:
    """One line of what the database said, and the next step."""
    line = " ".join(said.split()) or "no reason given"
    if "no such table" in line or ("relation" in line and "does not exist" in line):
        return "there are no tables yet: run `afterword init` (a new company) or `afterword db upgrade`"
    if "connection" in line.lower() or "unable to open" in line or "timeout" in line.lower():
        return f"the database cannot be reached: {line[:300]}; check AFTERWORD_DATABASE_URL"
    return f"the database refused: {line[:300]}"


def _line(error: errors.AfterwordError) -> str:
    places = [f"  {name}: {'; '.join(messages)}" for name, messages in error.fields.items()]
    return "\n".join([f"{error.detail} [{error.code}]", *places])


@contextmanager
def sessions_of(workspace: str | None) -> Iterator[tuple[sessionmaker[Session], UUID]]:
    """For work in many transactions: a factory of sessions, and the workspace's id."""
    engine = db.make_engine(config.load().database_url, 2)
    try:
        sessions = db.make_sessions(engine)
        with sessions() as session:
            workspace_id = find_workspace(session, workspace).workspace_id
        yield sessions, workspace_id
    finally:
        engine.dispose()
