"""Customers who write, and fifty of them who complain of the same."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from near_duplicates import vary
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.responses import Response
from collector.responses.stemming import stems
from collector.surveys import MetricSeries

COMPLAINT = "The technician never came on the agreed day and nobody called me"


@pytest.fixture
def say(session: Session, company: Any, time: clock.FixedClock) -> Callable[..., list[Response]]:
    """Let customers write: ``say("installed", ["Nobody came"], score=2, days=3)``; each by somebody else."""
    numbers = itertools.count()
    series = session.scalars(select(MetricSeries).where(MetricSeries.survey == "order-nps")).one()

    def write(
        touchpoint: str,
        comments: list[str],
        score: int | None = 2,
        days: int = 3,
        locale: str = "en",
        **more: Any,
    ) -> list[Response]:
        at = time() - timedelta(days=days)
        rows = [
            Response(
                **{
                    "workspace_id": company.workspace_id, "response_id": clock.new_id(), "touchpoint": touchpoint,
                    "journey": "first-order", "journey_version": 1, "survey": "order-nps", "survey_version": 1,
                    "series_id": series.series_id, "metric": "nps", "score": score, "locale": locale,
                    "comment": text, "comment_stems": stems(text, locale), "channel": "web",
                    "customer": f"cu_say{next(numbers):021}", "occurred_at": at, "day": at.date(),
                    "received_at": time(), "updated_at": time(), **more,
                }
            )
            for text in comments
        ]  # fmt: skip
        session.add_all(rows)
        session.commit()
        return rows

    return write


@pytest.fixture
def manager(app: Flask, session: Session, company: Any, time: clock.FixedClock) -> FlaskClient:
    """The browser in which somebody without a scope is signed in."""
    person = workspaces.add_person(
        session, company.workspace_id, "ada@example.com", "Ada", "a long password", time(), "editor"
    )
    session.add(
        workspaces.SignIn(
            workspace_id=company.workspace_id,
            hash=hashlib.sha256(b"ada").hexdigest(),
            sign_in_id=clock.new_id(),
            person_id=person.person_id,
            created_at=time(),
            seen_at=time(),
            expires_at=time() + timedelta(days=14),
        )
    )
    session.commit()
    client = app.test_client()
    client.set_cookie("afterword", "ada")
    return client


@pytest.fixture
def plant(say: Callable[..., list[Response]]) -> list[Response]:
    """Fifty near-equal complaints of fifty customers at the technician's visit."""
    chance = random.Random(3)
    return say("installed", [vary(COMPLAINT, chance) for _ in range(50)])
