"""The command `afterword-relay`: brings committed rows of a database's outbox table to the collector."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading

from .errors import AfterwordError, ConfigurationError
from .reports import Problem
from .transactional.relay import Relay
from .transactional.statements import TABLE


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT, or with `--once` until the table is empty; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        relay = _relay(options)
    except (AfterwordError, ImportError) as error:
        print(f"afterword-relay: {error}", file=sys.stderr)
        return 2
    if options.create_table:
        relay.create_table()
    if options.retry_dead_letters:
        print(f"{relay.retry_dead_letters()} dead letters go out again", flush=True)
    if options.purge_dead_letters is not None:
        purged = relay.purge_dead_letters(older_than=options.purge_dead_letters * 86_400)
        print(f"{purged} dead letters deleted", flush=True)
    if options.once:
        emptied = relay.drain(options.timeout)
        print(_summary(relay), flush=True)
        return 0 if emptied else 1
    _run(relay)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="afterword-relay", description=__doc__)
    parser.add_argument(
        "--database-url",
        default=os.environ.get("AFTERWORD_RELAY_DATABASE_URL"),
        help="SQLAlchemy address of the application's database (AFTERWORD_RELAY_DATABASE_URL)",
    )
    parser.add_argument("--url", help="address of the collector (AFTERWORD_URL)")
    parser.add_argument(
        "--table",
        default=os.environ.get("AFTERWORD_RELAY_TABLE", TABLE),
        help="name of the table, schema.name if it has a schema (AFTERWORD_RELAY_TABLE)",
    )
    parser.add_argument("--poll", type=float, default=1.0, help="seconds between two looks at an empty table")
    parser.add_argument("--once", action="store_true", help="deliver what is there, then end")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds that --once may take")
    parser.add_argument("--create-table", action="store_true", help="create the table if it is not there")
    parser.add_argument("--retry-dead-letters", action="store_true", help="send what was refused once more")
    parser.add_argument(
        "--purge-dead-letters", type=int, metavar="DAYS", help="delete what was refused longer ago"
    )
    return parser


def _relay(options: argparse.Namespace) -> Relay:
    """Make the relay; the server key comes from AFTERWORD_API_KEY only, since a command line is public."""
    if not options.database_url:
        raise ConfigurationError("--database-url is missing", code="bad_database_url")
    from sqlalchemy import create_engine

    return Relay(
        create_engine(options.database_url), options.url, poll=options.poll, table=options.table,
        on_error=_print_problem,
    )  # fmt: skip


def _run(relay: Relay) -> None:
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    relay.start()
    print("afterword-relay: running", flush=True)
    ended.wait()
    relay.stop()
    print(_summary(relay), flush=True)


def _summary(relay: Relay) -> str:
    stats = relay.stats()
    return f"delivered {stats.delivered}, refused {stats.dead}, waiting {stats.queued}"


def _print_problem(problem: Problem) -> None:
    print(f"afterword-relay: {problem.code}: {problem.message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
