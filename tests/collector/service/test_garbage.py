"""What a process has imported stays until it ends: nobody waits while it is searched for circles."""

from __future__ import annotations

import gc
import subprocess
import sys
from types import SimpleNamespace

from flask import Flask

from collector.config import Config
from collector.service.server import Server

MANY = 100_000
"""Objects that the product's modules are made of, and more."""
ENDS = f"""
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > {MANY}))  # what is registered first comes last
from collector.cli import main
main(["--version"])
"""


def test_a_command_ends_without_a_search() -> None:
    done = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("True\n")


def test_a_server_searches_only_what_requests_make(app: Flask, config: Config) -> None:
    gc.unfreeze()
    Server(config, "127.0.0.1:0", embedded=False)._after_start(SimpleNamespace(wsgi=app))
    assert gc.get_freeze_count() > MANY
