"""The primary is lost, frozen or cut off while customers answer: what was thanked for is at its heir, once.

``docs/how-to/survive-a-lost-database.md`` says the same steps to an operator.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import served
from ledger import Ledger
from postgresql_nodes import Node, quorum

ENOUGH = 20


def lost(primary: Node) -> None:
    primary.kill()


def frozen(primary: Node) -> None:
    primary.signal(signal.SIGSTOP)


def cut_off(primary: Node) -> None:
    primary.relay.cut()


@pytest.mark.parametrize("trouble", [lost, frozen, cut_off])
def test_an_heir_has_all_that_was_thanked_for(trouble: Callable[[Node], None], tmp_path: Path) -> None:
    with quorum() as nodes:
        primary = nodes[0]
        hosts = ",".join(f"127.0.0.1:{node.relay.port}" for node in nodes)
        url = f"postgresql://postgres@{hosts}/afterword?target_session_attrs=read-write"
        with served.serve(url, tmp_path) as collector:
            ledger = Ledger(int(collector.url.rpartition(":")[2]), collector.keys["server_key"])
            ledger.more(ENOUGH)
            trouble(primary)
            heir, other = sorted(nodes[1:], key=Node.received, reverse=True)
            heir.promote()
            other.follow(heir)
            ledger.more(ENOUGH)
            ledger.stop()
            assert collector.get("/readyz")[0] == 200
            primary.kill()  # switched off: the jobs, which are more patient than requests, need not wait any longer
            primary.relay.mend()
            assert set(ledger.statuses) - {200, 201, 503} == set()
            ledger.check(heir.url().replace("postgresql:", "postgresql+psycopg:"))
            assert other.ask("SELECT pg_is_in_recovery()")


def test_the_lost_one_comes_back_as_a_standby_and_inherits(tmp_path: Path) -> None:
    with quorum() as nodes:
        first, second, third = nodes
        hosts = ",".join(f"127.0.0.1:{node.relay.port}" for node in nodes)
        url = f"postgresql://postgres@{hosts}/afterword?target_session_attrs=read-write"
        with served.serve(url, tmp_path) as collector:
            ledger = Ledger(int(collector.url.rpartition(":")[2]), collector.keys["server_key"])
            ledger.more(ENOUGH)
            first.kill()
            heir, other = sorted((second, third), key=Node.received, reverse=True)
            heir.promote()
            first.copy(heir)
            first.start()
            ledger.more(ENOUGH)
            other.kill()
            ledger.more(ENOUGH)  # the one that came back stands for the quorum
            heir.kill()
            first.promote()
            other.copy(first)
            other.start()
            ledger.more(ENOUGH)
            ledger.stop()
            ledger.check(first.url().replace("postgresql:", "postgresql+psycopg:"))
            assert collector.process.poll() is None
