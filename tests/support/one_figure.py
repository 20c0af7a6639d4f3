"""Random companies, asked the same by every reader: board, journey, wall, share, owner, desk, touchpoint, dashlet, API.

Every reader must tell the same figure and the same verdict. ``python -m one_figure 200`` runs the long form.
"""

from __future__ import annotations

import hashlib
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import progress
import quick
from flask import Flask
from flask.testing import FlaskClient
from random_company import DAYS, OWNERS, Company
from sqlalchemy.orm import Session, sessionmaker

from collector import clock, db, migrations, workspaces
from collector.config import load
from collector.dashboard import board_page, journey_page, owner_page, shares, statements
from collector.dashboard import period as periods
from collector.kpis.schemas import verdicts_dict

PARTS = ("verdict", "facts", "handovers", "pains")
"""Of the journey's page: what stands on the wall and in the shared view too."""


@dataclass
class Readers:
    """Everybody who reads the figures of one company."""

    app: Flask
    session: Session
    workspace_id: uuid.UUID
    now: datetime
    page: FlaskClient
    key: dict[str, str]
    shared: dict[str, str]

    def differences(self) -> Iterator[str]:
        """What two readers tell otherwise; nothing, if there is one figure everywhere."""
        session, who = self.session, self.workspace_id
        period = periods.read({"days": str(DAYS)}, self.now, "UTC")
        stated = statements.about_owners(session, who, period, OWNERS).statements
        every = board_page.all_touchpoints(session, who)
        places = owner_page.places_of(session, who, period, list(every.values()))
        owned = {each.touchpoint.key: each for each in places}
        for row in board_page.open_board(session, who, period):
            page = journey_page.open_journey(session, who, row.journey.key, period)
            yield from self._board(row, page)
            yield from self._verdicts(row.journey.key, page, stated)
            yield from self._screens(row.journey.key)
            for step in page.steps:
                yield from self._touchpoint(step, page, owned[step.at.touchpoint.key])

    def _board(self, row: board_page.JourneyRow, page: journey_page.JourneyPage) -> Iterator[str]:
        falls = next((each for each in page.stated.of("period") if each.falls), None)
        pairs = {
            "score": (row.figure, page.score and page.score.figure),
            "answers": (row.answers, page.n),
            "worst handover": (row.worst and row.worst.verdict, page.stated.worst_handover),
            "fallen": (row.fallen and row.fallen[1], falls),
            "measured": ((row.measured, row.touchpoints), page.measured),
        }
        for name, (board, journey) in pairs.items():
            if board != journey:
                yield f"{row.journey.key} {name}: board {board}, journey {journey}"

    def _verdicts(
        self, key: str, page: journey_page.JourneyPage, stated: tuple[statements.Statement, ...]
    ) -> Iterator[str]:
        said = self._get(f"/api/v1/verdicts?journey={key}&{_days(page.period)}")
        meant = verdicts_dict({key: page.stated})
        for each in meant["verdicts"]:
            each["series_id"] = str(each["series_id"])
        if said != meant:
            yield f"{key}: the API states {said}, the page {meant}"
        told = [each.verdict for each in stated if each.journey.key == key]
        owned = [each for each in page.stated.verdicts if each.falls and each.subject.owners and each.kind not in {"channel", "segment"}]  # fmt: skip
        if sorted(map(repr, told)) != sorted(map(repr, owned)):
            yield f"{key}: desk and owner are told {told}, the page states {owned}"

    def _screens(self, key: str) -> Iterator[str]:
        page, *others = (
            _parts(self.page.get(f"{path}?days={DAYS}").text)
            for path in (f"/journeys/{key}", f"/wall/{key}", f"/shared/{self.shared[key]}")
        )
        for name, other in zip(("wall", "share"), others, strict=True):
            for part in page.keys() & other.keys():
                if page[part] != other[part]:
                    yield f"{key} {part}: page {page[part]!r}, {name} {other[part]!r}"
            if not {"facts", "handovers"} <= other.keys():
                yield f"{key}: nothing to compare on the {name}"

    def _touchpoint(
        self, step: Any, page: journey_page.JourneyPage, place: owner_page.Place
    ) -> Iterator[str]:
        key, reading = step.at.touchpoint.key, step.reading
        dashlet = self._get(f"/dashlets/{key}?days={DAYS}&format=json")
        if (place.pain is not None, place.moved) != (step.pain, page.stated.moved(key)):
            yield f"{key}: the owner is told {place.pain, place.moved}, the journey {step.pain, step.moved}"
        owners = None if place.reading is None else (place.reading.metric.key, place.reading.n)
        if owners != (None if dashlet["metric"] is None else (dashlet["metric"], dashlet["n"])):
            yield f"{key}: owner {owners}, dashlet {dashlet}"
        told = [(dashlet["metric"], _four(dashlet))] if dashlet["metric"] else []
        told += (
            [(reading.metric.key, _four(vars(reading.figure) | {"score": reading.figure.value}))]
            if reading
            else []
        )
        for metric, figure in told:
            lines = self._get(f"/api/v1/kpis?metric={metric}&touchpoint={key}&{_days(page.period)}")["series"]
            if figure not in [_four(line["points"][0]) for line in lines if line["points"]]:
                yield f"{key}: {metric} {figure} is in no line of the API"
        if len(told) == 2 and told[0][0] == told[1][0] and told[0] != told[1]:
            yield f"{key}: dashlet {told[0]}, journey {told[1]}"

    def _get(self, path: str) -> Any:
        got = self.app.test_client().get(path, headers=self.key)
        assert got.status_code == 200, got.text
        return got.json


def _days(period: periods.Period) -> str:
    return f"from={period.first}&to={period.last}"


def _four(said: Any) -> tuple[float | None, ...]:
    found = [said[name] for name in ("n", "score", "low", "high")]
    return tuple(None if each is None else round(each, 6) + 0.0 for each in found)


def _parts(html: str) -> dict[str, str]:
    """Part -> its words, of those that several screens have in common."""
    found = {}
    for piece in re.split(r'(?=<(?:section|dl|div)[^>]*data-part=")', html)[1:]:
        name = re.search(r'data-part="([a-z-]+)"', piece)
        if name and name[1] in PARTS:
            body = piece[: piece.find("</dl>" if piece.startswith("<dl") else "</section>")]
            body = re.sub(r"<(form|button)\b.*?</\1>", " ", body, flags=re.DOTALL)
            links_out = re.sub(r"<a [^>]*>(?:[^<]*)</a>", " ", body)
            words = " ".join(re.sub(r"<[^>]+>", " ", links_out).split())
            found[name[1]] = re.sub(r" Unassigned \d+$", "", words)  # on the page alone
    return found


def differences(app: Flask, sessions: sessionmaker[Session], seed: int, now: datetime) -> list[str]:
    """Make a random company, and say what its readers tell otherwise."""
    with sessions.begin() as session:
        workspace = workspaces.create(session, f"Company {seed}", now)
        company = Company(session, workspace, Random(seed), now)
        company.fill()
        company.store_cells()
        key = workspaces.mint_key(session, workspace, "read", "Readers", now).text
        who, browser = workspace.workspace_id, app.test_client()
        browser.set_cookie("afterword", _sign_in(session, who, now))
        shared = {
            journey: shares.share(session, who, "journey", journey, DAYS, 7, "", "chance", now)[1]
            for journey in ("j0", "j1")
        }
    with sessions() as session:
        db.read_only(session)
        headers = {"Authorization": f"Bearer {key}"}
        return list(Readers(app, session, who, now, browser, headers, shared).differences())


def _sign_in(session: Session, workspace_id: uuid.UUID, now: datetime) -> str:
    """What a browser holds in which an administrator has signed in."""
    secret, email = f"browser {workspace_id}", f"{workspace_id}@example.com"
    person = workspaces.add_person(
        session, workspace_id, email, "Reader", "a good long password", now, role="administrator"
    )
    session.add(
        workspaces.SignIn(
            workspace_id=workspace_id, hash=hashlib.sha256(secret.encode()).hexdigest(), sign_in_id=clock.new_id(),
            person_id=person.person_id, created_at=now, seen_at=now, expires_at=now + timedelta(days=1),
        )
    )  # fmt: skip
    return secret


def main(companies: int) -> int:
    """Try so many companies on SQLite; the number of differences."""
    quick.hash_passwords_cheaply()
    time = clock.FixedClock()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'one.db'}"
        migrations.upgrade(url)
        engine = db.make_engine(url)
        settings = load({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "one-figure-" * 4})
        app, wrong = quick.app(settings, engine, time), 0
        for seed in progress.told(range(companies), "companies"):
            found = differences(app, db.make_sessions(engine), seed, time())
            wrong += len(found)
            for line in found:
                print(f"company {seed}: {line}", flush=True)
    print(f"{companies} companies, {wrong} differences")
    return wrong


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])) > 0)
