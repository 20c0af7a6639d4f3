"""``/metrics`` for Prometheus: requests of this server, and the queues of the whole house read from the database.

Several processes of one server keep their counts in a folder that each of them sums up, whichever is asked; the counts
of one that has died stay there, so that no sum goes back when it is replaced. Queues are asked of the database at each scrape, by indexes that hold only what waits.
"""

from __future__ import annotations

import ipaddress
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import db, jobs, web, workspaces
from collector.invitations import Invitation
from collector.responses import Response as Answer

pages = Blueprint("metrics", __name__)
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder of the counts, to prometheus-client and to the processes that are forked."""


@contextmanager
def shared_counts(processes: int) -> Iterator[None]:
    """While the block runs, the processes that are forked in it count together; one alone counts in its memory."""
    if processes < 2 or SHARED in os.environ:
        yield
        return
    folder = tempfile.mkdtemp(prefix="afterword-metrics-")
    os.environ[SHARED], values.ValueClass = folder, values.MultiProcessValue()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Meter:
    """Counts the requests of one app, by route and status."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("route", "status")
        self.requests = Counter("afterword_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "afterword_request_seconds",
            "Time to answer",
            ("route",),
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
        )
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def figures(self) -> bytes:
        """What was counted: by all processes where they count together."""
        if SHARED not in os.environ:
            return generate_latest(self.registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
        return generate_latest(everybody)

    def install(self, app: Flask) -> None:
        app.extensions["afterword_meter"] = self
        app.before_request(self._begin)
        app.after_request(self._end)

    def _begin(self) -> None:
        g.began = time.perf_counter()

    def _end(self, response: Response) -> Response:
        rule, ended = request.url_rule, time.perf_counter()
        kind = (rule.rule if rule else "none", response.status_code)
        if kind not in self._known:  # to find one by its labels takes a lock, and longer than to count
            self._known[kind] = self.requests.labels(kind[0], str(kind[1])), self.seconds.labels(kind[0])
        requests, seconds = self._known[kind]
        requests.inc()
        seconds.observe(ended - g.get("began", ended))
        return response


@pages.get("/metrics")
@web.public
def get_metrics() -> Any:
    """Open to this machine itself; from elsewhere it takes a read or an admin key."""
    if not _is_from_here():
        workspaces.access.demand_key(("read", "admin"))
    meter: Meter = web.extension("afterword_meter")
    return Response(meter.figures() + generate_latest(_queues()), content_type=CONTENT_TYPE_LATEST)


def _is_from_here() -> bool:
    """Whether a program on this machine asks; a proxy on it passes others on, and says so."""
    passed_on = {"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} & set(request.headers.keys())
    try:
        return not passed_on and ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


class _Read(Collector):
    """What the database says at this scrape. No ``Gauge``: where processes count together, one would stay in the file
    of the process that was asked, and be told by the others for as long as that one lives."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self.families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self.families


def _queues() -> CollectorRegistry:
    registry, session = CollectorRegistry(), web.session()
    uncounted = (
        select(func.count()).select_from(Answer).where(Answer.counted_at.is_(None), Answer.score.is_not(None))
    )
    waiting = select(func.count()).select_from(Invitation).where(Invitation.state == db.constant("waiting"))
    families = [
        GaugeMetricFamily(name, about, value=session.scalar(query) or 0)
        for name, about, query in (
            ("afterword_uncounted_responses", "Answers the rollup does not hold yet", uncounted),
            ("afterword_waiting_invitations", "Delayed invitations not due yet", waiting),
        )
    ]
    registry.register(_Read([*families, *_jobs(session)]))
    return registry


def _jobs(session: Session) -> list[GaugeMetricFamily]:
    """How each background job stands, whichever process ran it last."""
    lag, row, ever = families = [
        GaugeMetricFamily(f"afterword_job_{name}", about, labels=("job",))
        for name, about in (
            ("lag_seconds", "Seconds since the job last succeeded"),
            ("failures", "Failures in a row"),
            ("failures_ever", "Failures since the tables were made"),
        )
    ]
    for state in jobs.states(session, web.now()):
        lag.add_metric([state.name], math.nan if state.lag is None else state.lag)
        row.add_metric([state.name], state.failures)
        ever.add_metric([state.name], state.failures_ever)
    return families
