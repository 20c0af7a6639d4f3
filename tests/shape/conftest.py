"""One app to look at; no test here changes anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from collector import db
from collector.config import load
from collector.service.app import create_app

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shown_app() -> Flask:
    config = load({"AFTERWORD_DATABASE_URL": "sqlite:///:memory:"})
    return create_app(config, db.make_engine(config.database_url))
