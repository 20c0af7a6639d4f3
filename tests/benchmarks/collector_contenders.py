"""What the collector is measured beside, on its own server: an endpoint that does nothing, and a naive one.

    python tests/benchmarks/collector_contenders.py empty|call|naive DATABASE_URL PORT

The empty one is answered by the server's threads, as any endpoint is; ``call`` is the same, marked as a short call, which
is answered where it is read. The naive one is what one would write first: Flask, the ORM, one transaction for each answer.
"""

from __future__ import annotations

import json
import sys
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Flask, jsonify, request
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from collector import db, web
from collector.config import Config
from collector.config import load as load_config
from collector.service import server


class NaiveSurvey(db.Base):
    """What is asked."""

    __tablename__ = "naive_survey"
    key: Mapped[str] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]]


class NaiveAnswer(db.Base):
    """What was answered; one per token."""

    __tablename__ = "naive_answer"
    response_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    survey: Mapped[str]
    answers: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]


CALLS = ("/w/v1/survey", "/w/v1/responses", "/w/v1/events", "/api/v1/triggers")
NAIVE = ("naive_survey", "naive_answer")


def empty(_config: Config) -> Flask:
    """Answers every request with an empty object, once it has read it."""
    app = Flask("empty")

    @app.route("/<path:_path>", methods=["GET", "POST"])
    def answer(_path: str) -> Any:
        return _nothing()

    return app


def _nothing() -> Any:
    request.get_data()
    return {}


def call(config: Config) -> Flask:
    """The empty endpoint, marked as short wherever the product's calls are."""
    app = empty(config)
    for path in CALLS:
        app.add_url_rule(path, path, web.short(_nothing), methods=["GET", "POST"])
    return app


def naive(config: Config) -> Flask:
    """Looks up the survey and whether the token was used, and stores the answer."""
    app, engine = Flask("naive"), db.make_engine(config.database_url, config.threads)
    db.Base.metadata.create_all(engine, [NaiveSurvey.metadata.tables[name] for name in NAIVE])
    sessions = db.make_sessions(engine)
    with sessions.begin() as session:
        session.merge(NaiveSurvey(key="order-nps", definition={"questions": ["score", "comment"]}))

    @app.get("/readyz")
    def readyz() -> Any:
        return {}

    @app.post("/<path:_path>")
    def take(_path: str) -> Any:
        given = json.loads(request.get_data())
        with sessions.begin() as session:
            return jsonify(_store(session, given)), 201

    return app


def _store(session: Session, given: dict[str, Any]) -> dict[str, Any]:
    survey = session.get_one(NaiveSurvey, "order-nps")
    stored = session.scalars(select(NaiveAnswer).where(NaiveAnswer.token == given["token"])).first()
    if stored is None:
        stored = NaiveAnswer(
            response_id=uuid.UUID(given["response_id"]),
            token=given["token"],
            survey=survey.key,
            answers=given["answers"],
            received_at=datetime.now(UTC),
        )
        session.add(stored)
        session.flush()
    return {"response_id": str(stored.response_id), "answers": sorted(stored.answers)}


CONTENDERS = {"empty": empty, "call": call, "naive": naive}


class Contender(server.Server):
    """The collector's own server with another app in it."""

    make = staticmethod(empty)

    def load(self) -> Flask:
        return self.make(self.config)


if __name__ == "__main__" and len(sys.argv) == 4:
    settings = load_config({"AFTERWORD_DATABASE_URL": sys.argv[2], "AFTERWORD_SECRET_KEY": "s" * 40})
    Contender.make = staticmethod(CONTENDERS[sys.argv[1]])
    Contender(settings, f"127.0.0.1:{sys.argv[3]}", embedded=False).run()
