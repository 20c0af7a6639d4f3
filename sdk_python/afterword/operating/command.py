"""The command `afterword-outbox`: looks after outbox files and a relay's table.

Exit status, as monitoring systems know it: 0 all is well, 1 something was refused or could not be sent, 2 rows wait
for longer than they should, 3 the outbox cannot be read or the command was misused.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import NoReturn

from ..errors import AfterwordError, ConfigurationError
from . import wording
from .drain import drain
from .files import OutboxOnDisk
from .places import Place, State, bases, files_of
from .table import OutboxInDatabase

OK, REFUSED, LATE, UNKNOWN = 0, 1, 2, 3
_ALL = 1 << 31


class _Parser(argparse.ArgumentParser):
    """Leaves status 2 to what it means here."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(UNKNOWN, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one of the sub-commands and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except BrokenPipeError:
        return UNKNOWN
    except (AfterwordError, ImportError, OSError, sqlite3.Error) as error:
        print(f"afterword-outbox: {error}", file=sys.stderr)
        return UNKNOWN
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="afterword-outbox", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    status = _command(
        commands, "status", _status, "how many rows wait, since when, and how many were refused"
    )
    form = status.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--prometheus", action="store_true", help="as text for Prometheus")
    status.add_argument("--max-age", type=float, default=300.0, metavar="SECONDS", help="longer is late: 300")
    dead = _command(commands, "dead", _dead, "what the collector refused for good, newest first")
    dead.add_argument("--limit", type=int, default=100)
    dead.add_argument("--json", action="store_true", help="as lines of JSON")
    _command(commands, "retry", _retry, "send the dead letters once more")
    _command(commands, "export", _export, "everything that waits or was refused, as lines of JSON")
    sending = _command(commands, "drain", _drain, "deliver what no living process owns (AFTERWORD_API_KEY)")
    sending.add_argument("--url", help="address of the collector (AFTERWORD_URL)")
    sending.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS", help="at most so long: 60")
    return parser


def _command(commands: argparse._SubParsersAction[_Parser], name: str, run: object, text: str) -> _Parser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "path",
        nargs="?",
        default=os.environ.get("AFTERWORD_OUTBOX", "afterword-outbox.db"),
        help="an outbox file, a folder of them, or the SQLAlchemy address of a database (AFTERWORD_OUTBOX)",
    )
    parser.add_argument("--table", default="afterword_outbox", help="the table in the database")
    parser.set_defaults(run=run)
    return parser


def _places(options: argparse.Namespace) -> list[Place]:
    if "://" not in options.path:
        return [OutboxOnDisk(file) for base in bases(Path(options.path)) for file in files_of(base)]
    from sqlalchemy import create_engine

    from ..transactional.source import TableSource
    from ..transactional.statements import table_named

    try:
        engine = create_engine(options.path)
    except Exception as error:
        raise ConfigurationError(f"the address of the database is wrong: {error}", code="bad_path") from error
    return [OutboxInDatabase(TableSource(engine.raw_connection, table_named(options.table)), options.table)]


def _status(options: argparse.Namespace) -> int:
    now = time.time()
    states = [place.state(now) for place in _places(options)]
    form = wording.as_json if options.json else wording.prometheus if options.prometheus else wording.lines
    print(form(states))
    return _verdict(states, options.max_age)


def _verdict(states: list[State], max_age: float) -> int:
    if any((state.oldest_age or 0.0) > max_age for state in states):
        return LATE
    return REFUSED if any(state.dead for state in states) else OK


def _dead(options: argparse.Namespace) -> int:
    found = False
    for place in _places(options):
        letters = place.dead_letters(options.limit)
        found = found or bool(letters)
        if options.json:
            print(
                *(wording.exported(place.name, "dead", letter) for letter in letters),
                sep="\n",
                end="\n" * bool(letters),
            )
        else:
            for line in wording.dead(place.name, letters):
                print(line)
    return REFUSED if found else OK


def _retry(options: argparse.Namespace) -> int:
    for place in _places(options):
        count, what = place.retry()
        print(f"{place.name}: {count} dead letters: {what}" if count else f"{place.name}: no dead letters")
    return OK


def _export(options: argparse.Namespace) -> int:
    for place in _places(options):
        for row in place.waiting():
            print(wording.exported(place.name, "waiting", row))
        for letter in place.dead_letters(_ALL):
            print(wording.exported(place.name, "dead", letter))
    return OK


def _drain(options: argparse.Namespace) -> int:
    said, emptied = drain(options.path, options.table, options.url, options.timeout)
    print(said)
    return OK if emptied else REFUSED


if __name__ == "__main__":
    sys.exit(main())
