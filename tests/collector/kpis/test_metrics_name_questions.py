"""Every instrument has a figure of its own, by page and by call, and what was stored before gets its name."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browsers import PASSWORD, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, column, create_engine, insert, select, table
from sqlalchemy.orm import Session

from collector import clock, migrations, surveys, web, workspaces
from collector.dashboard.wording import Wording
from collector.instruments import files
from collector.kpis import METRICS, Rollup
from collector.migrations.models import metadata
from collector.responses import Response

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("template", [key for key, each in sorted(files.shipped().items()) if each.metric])
def test_each_template_is_counted_and_shown_by_call_and_page(
    template: str,
    client: FlaskClient,
    keys: dict[str, dict[str, str]],
    session: Session,
    company: Any,
    time: clock.FixedClock,
    app: Flask,
) -> None:
    """What has no metric is asked by runs, which have figures of their own for it (``results.measures``)."""
    metric = METRICS[files.shipped()[template].metric or ""]
    entry = {
        "key": "asked", "touchpoint": "order-confirmed", "journey": None, "template": template, "subject": "us",
        "mode": "permanent", "state": "published", "starts_at": None, "ends_at": None, "quota": None, "policy": {},
    }  # fmt: skip
    surveys.apply(session, company.workspace_id, [entry], "test", time())
    published = surveys.version(session, company.workspace_id, "asked", 1)
    session.add_all(
        answer(company.workspace_id, published, score) for score in (metric.lowest, metric.highest)
    )
    session.commit()
    got = client.get("/api/v1/kpis", query_string={"metric": metric.key}, headers=keys["read"]).json
    assert [point["n"] for line in got["series"] for point in line["points"]] == [2]
    assert got["definition"]["name"] == metric.name
    workspaces.add_person(
        session, company.workspace_id, "ada@example.com", "Ada", PASSWORD, time(), role="member"
    )
    session.commit()
    page = sign_in(app, "ada@example.com").get("/touchpoints/order-confirmed").text
    shown = re.sub(r"<[^>]+>|\s+", " ", page.split('data-part="figures"')[1].split("</dl>")[0])
    with app.test_request_context():
        say = Wording(web.speaker())
        middle = say.value(metric, sum(metric.range) / 2).replace("\xa0", " ")
    assert re.sub(" +", " ", shown).startswith(f"> {metric.name} {middle}")
    assert re.search("Answers +2 ", shown)
    assert f"/definitions#{metric.key}" in page


def answer(workspace_id: uuid.UUID, published: surveys.Published, score: int) -> Response:
    return Response(
        workspace_id=workspace_id, response_id=uuid.uuid4(), survey=published.key, survey_version=1,
        series_id=published.series_id, metric=published.metric, touchpoint=published.touchpoint, score=score,
        answers={"score": score}, occurred_at=NOW, day=NOW.date(), received_at=NOW, updated_at=NOW,
    )  # fmt: skip


STORED = [("fcr", "thumbs", "thumbs", "fcr"), ("clear", "thumbs", "thumbs", "clear"),
          ("thumbs", "thumbs", "thumbs", "helpful"), ("exit", "goal", "goal", "exit"), ("goal", "goal", "goal", "goal"),
          ("emotion", "emotion", None, "emotion"), ("stars", "stars", None, "stars"), ("nps", "nps", "nps", "nps"),
          ("our-stars", "stars", None, "stars")]  # fmt: skip


@pytest.mark.parametrize(("template", "kind", "before", "after"), STORED)
def test_stored_answers_get_the_name_of_their_question(
    tmp_path: Path, template: str, kind: str, before: str | None, after: str
) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    migrations.upgrade(url, "0003")
    engine = create_engine(url)
    workspace, series = uuid.uuid4(), uuid.uuid4()
    store(engine, workspace, series, template, kind, before)
    migrations.upgrade(url, "0004")
    tables = metadata.tables
    with engine.connect() as connection:
        for name in ("metric_series", "response", "rollup"):
            assert connection.scalars(select(tables[name].c.metric)).all() == [after], name
        stored = connection.scalars(select(tables["survey_version"].c.definition)).one()
    assert stored["template"]["metric"] == after
    engine.dispose()


def store(
    engine: Engine, workspace: uuid.UUID, series: uuid.UUID, template: str, kind: str, metric: str | None
) -> None:
    """A survey with one counted answer, as an older version left it."""
    definition = {
        "template": {"key": template, "metric": metric, "questions": [{"id": "score", "kind": kind}]},
        "subject": "",
    }
    key = metric or "none"
    mine = {"workspace_id": workspace, "series_id": series}
    answered = {"touchpoint": "t", "metric": key, "day": NOW.date(), "score": 1}
    times = {"occurred_at": NOW, "received_at": NOW, "updated_at": NOW, "counted_at": NOW}
    rows: dict[str, dict[str, Any]] = {
        "metric_series": {**mine, "survey": "s", "metric": key, "fingerprint": "", "started_at": NOW, "broken_by": []},
        "survey_version": {**mine, "key": "s", "version": 1, "definition": definition, "note": "", "created_at": NOW,
                           "created_by": "x"},
        "response": {**mine, **answered, **times, "response_id": uuid.uuid4(), "source": "solicited",
                     "respondent": "customer", "survey": "s", "survey_version": 1, "attributes": {}, "context": {},
                     "probability": 1.0, "answers": {}, "complete": True},
        "rollup": {**mine, **answered, "journey": "", "journey_version": 0, "channel": "", "persona": "", "variant": "",
                   "source": "solicited", "respondent": "customer", "n": 1},
    }  # fmt: skip
    with engine.begin() as connection:
        for name, row in rows.items():
            known = [
                column(each.name, each.type) for each in metadata.tables[name].columns if each.name in row
            ]
            # without the defaults of columns that came later
            connection.execute(insert(table(name, *known)), {each.name: row[each.name] for each in known})


def test_the_rollup_knows_only_named_metrics(session: Session, company: Any) -> None:
    assert set(session.scalars(select(Rollup.metric).distinct())) <= set(METRICS)
