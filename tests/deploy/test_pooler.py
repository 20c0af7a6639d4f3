"""A collector behind pgbouncer, which lends a connection for one transaction: what was thanked for is there once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import served
from ledger import Ledger
from postgresql_nodes import USER, Node, alone, until

ENOUGH = 60
SETTINGS = """
[databases]
afterword = host=127.0.0.1 port={server} dbname=afterword
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 5
ignore_startup_parameters = options
"""


@contextmanager
def pooler(node: Node) -> Iterator[str]:
    """The address of a pgbouncer before a server, with fewer connections than the collector has threads."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.fail("The pooler's test needs it: apt-get install pgbouncer")
    folder, port = node.folder.with_name("pooler"), served.free_port()
    folder.mkdir()
    (folder / "users.txt").write_text('"postgres" ""\n')
    (folder / "settings").write_text(SETTINGS.format(server=node.port, port=port, folder=folder))
    as_other: dict[str, Any] = {"user": USER, "group": USER} if os.geteuid() == 0 else {}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [program, folder / "settings"], stdout=log, stderr=log, cwd="/", **as_other
        )
    try:
        until(lambda: "process up" in (folder / "log").read_text(), "the pooler")
        yield f"postgresql://postgres@127.0.0.1:{port}/afterword"
    finally:
        process.terminate()
        process.wait(60)


def test_each_transaction_may_be_another_connections(tmp_path: Path) -> None:
    with alone() as node, pooler(node) as url, served.serve(url, tmp_path) as collector:
        ledger = Ledger(int(collector.url.rpartition(":")[2]), collector.keys["server_key"])
        ledger.more(ENOUGH)
        ledger.stop()
        assert set(ledger.statuses) == {200, 201}
        ledger.check(node.url().replace("postgresql:", "postgresql+psycopg:"))
        assert collector.get("/readyz")[0] == 200
