"""A collector is ready when it could store an answer."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from collector.service import health


def test_it_is_ready(client: FlaskClient, company: object) -> None:
    assert client.get("/readyz").status_code == 200


def test_a_database_that_takes_no_writes_is_not_ready(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "sqlite":
        monkeypatch.setattr(health, "LEAST_FREE", 2**62)
    else:
        engine.dispose()
        with engine.connect() as connection:
            connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            connection.commit()
    refused = client.get("/readyz")
    engine.dispose()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.get_json()["code"] == "takes_no_writes"
