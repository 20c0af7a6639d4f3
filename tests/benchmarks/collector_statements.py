"""How many statements one request of each scenario sends, counted where the driver gets them; the second time is told.

The first request of a process reads definitions that later ones find in memory.
"""

from __future__ import annotations

import re
from typing import Any

from collector_load import Unit
from collector_requests import SCENARIOS, Maker
from flask.testing import FlaskClient
from sqlalchemy import event

from collector import db, revisions
from collector.config import load as load_config
from collector.service.app import create_app

SECRET = "s" * 40


def count(url: str, maker: Maker) -> dict[str, int]:
    """Statements by scenario; BEGIN counts where it is sent, COMMIT never.

    The look at a workspace's number is left out: it is sent by time, and not by request.
    """
    revisions.LOOKED_AT = float("inf")
    config = load_config({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": SECRET})
    engine = db.make_engine(config.database_url, 2)
    client, sent = create_app(config, engine).test_client(), [0]

    @event.listens_for(engine, "before_cursor_execute")
    def note(*_given: Any) -> None:
        sent[0] += 1

    found = {}
    for scenario in SCENARIOS:
        units = scenario.make(maker, 3)[:3]
        _send(client, units[0])
        sent[0] = 0
        for unit in units[1:]:
            _send(client, unit)
        found[scenario.name] = sent[0] // sum(map(len, units[1:]))
    engine.dispose()
    return found


def _send(client: FlaskClient, unit: Unit) -> None:
    for sent in unit:
        head, _, body = sent.partition(b"\r\n\r\n")
        method, path = head.decode().split(" ")[:2]
        key = re.search(r"Authorization: (.+)", head.decode())
        headers = {"Authorization": key[1].strip()} if key else {}
        answered = client.open(path, method=method, data=body, headers=headers)
        assert answered.status_code < 300, answered.get_data(as_text=True)
