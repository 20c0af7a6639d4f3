"""A random company: two journeys, surveys along them, and what was answered there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from collector import clock, journeys, workspaces
from collector.kpis import METRICS, Rollup
from collector.responses import Response
from collector.surveys import MetricSeries

DAYS = 30
OWNERS = ("sales", "operations", "service")
ASKED = ("nps", "csat", "ces", "clear")
SIZES = (0, 3, 12, 40, 160)


@dataclass
class Company:
    """One random company, whose answers are made as they are drawn."""

    session: Session
    workspace: workspaces.Workspace
    chance: Random
    now: datetime

    def fill(self) -> None:
        """Two journeys along touchpoints of their own, and what was said there."""
        found = [self._journey(number) for number in range(2)]
        document = {
            "stakeholders": [{"key": key, "name": key.title()} for key in OWNERS],
            "touchpoints": [place for _, places in found for place in places],
            "journeys": [journey for journey, _ in found],
        }
        journeys.apply(self.session, self.workspace.workspace_id, document, "chance", self.now)
        for journey, places in found:
            leading = self.chance.choice(ASKED)
            for place in places:
                metric = leading if self.chance.random() < 0.8 else self.chance.choice(ASKED)
                self._said_at(journey["key"], place["key"], metric)
            if self.chance.random() < 0.7:
                last = places[-1]["key"]
                self._said(journey["key"], last, self._series("nps"), "nps", target="journey")
        self.session.flush()

    def _journey(self, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        places = [
            {
                "key": f"j{number}-t{place}", "name": f"Place {number} {place}", "channel": "web",
                "owners": [] if self.chance.random() < 0.15 else [self.chance.choice(OWNERS)],
            }
            for place in range(self.chance.randint(2, 5))
        ]  # fmt: skip
        steps = [{"key": f"s{i}", "name": place["name"], "touchpoint": place["key"]} for i, place in enumerate(places)]  # fmt: skip
        journey = {
            "key": f"j{number}", "name": f"Journey {number}", "definition": "d", "customer_goal": "c", "business_goal": "b",
            "phases": [{"name": "All", "steps": steps}],
        }  # fmt: skip
        return journey, places

    def _said_at(self, journey: str, place: str, metric: str) -> None:
        """Of one series, or of two because the question was changed; beside those, answers that stand apart."""
        series = self._series(metric)
        self._said(journey, place, series, metric)
        if self.chance.random() < 0.3:
            self._said(journey, place, self._series(metric, follows=series), metric)
        if self.chance.random() < 0.2:
            self._said(journey, place, self._series("ces"), "ces")
        self._said(journey, place, series, metric, source="volunteered")
        self._said(journey, place, series, metric, respondent="employee")

    def _series(self, metric: str, follows: uuid.UUID | None = None) -> uuid.UUID:
        made = MetricSeries(
            workspace_id=self.workspace.workspace_id, series_id=clock.new_id(), survey="s", metric=metric,
            fingerprint="0" * 64, started_at=self.now - timedelta(days=90 if follows is None else 10), follows=follows,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made.series_id

    def _said(self, journey: str, place: str, series: uuid.UUID, metric: str, **tags: str) -> None:
        """So many answers in this period and in the one before; the newest are not counted yet."""
        scale = METRICS[metric]
        tilt = self.chance.choice((0.3, 0.55, 0.6, 0.65, 0.9))
        for before in (False, True):
            for number in range(self.chance.choice(SIZES)):
                share = self.chance.betavariate(4 * tilt, 4 * (1 - tilt))
                score = scale.lowest + round(share * (scale.highest - scale.lowest))
                at = self.now - timedelta(days=self.chance.randrange(DAYS) + DAYS * before)
                cell = {"journey": journey, "touchpoint": place, "series_id": series, "metric": metric, "score": score, "day": at.date(), "channel": self.chance.choice(("web", "app")), **tags}  # fmt: skip
                self._stored(cell, at, is_counted=number > 4)

    def _stored(self, cell: dict[str, Any], at: datetime, is_counted: bool) -> None:
        who = {
            "workspace_id": self.workspace.workspace_id,
            "source": "solicited",
            "respondent": "customer",
            **cell,
        }
        if is_counted:
            counts = self.session.info.setdefault("cells", {})
            key = tuple(sorted(who.items(), key=lambda item: item[0]))
            counts[key] = counts.get(key, 0) + 1
            return
        self.session.add(
            Response(
                **who, response_id=clock.new_id(), survey="s", survey_version=1, journey_version=1, answers={}, occurred_at=at,
                received_at=at, updated_at=at, complete=True,
            )
        )  # fmt: skip

    def store_cells(self) -> None:
        """Write what was counted."""
        fixed = {"journey_version": 1, "persona": "", "variant": "", "target": "touchpoint"}
        rows = [{**fixed, **dict(key), "n": n} for key, n in self.session.info.pop("cells", {}).items()]
        if rows:
            self.session.execute(insert(Rollup), rows)
