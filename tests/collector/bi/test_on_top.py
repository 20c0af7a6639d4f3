"""What is built on the views: Grafana's dashboard and the dbt package, run by the role that reads nothing else."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog import encoder, plugins
from grafana_foundation_sdk.models import dashboard as grafana
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from collector import db, kpis, workspaces

ROOT = Path(__file__).parents[3]
DASHBOARD = json.loads((ROOT / "deploy/bi/grafana/afterword.json").read_text("utf-8"))
DBT = Path(os.environ.get("DBT") or ROOT / "build/dbt/bin/dbt")
pytestmark = pytest.mark.parametrize("demo_url", ["postgresql"], indirect=True)


@pytest.fixture
def seen(demo: Engine) -> Iterator[Session]:
    with db.make_readers(db.make_sessions(demo))() as session:
        yield session


@pytest.fixture
def workspace_id(seen: Session) -> Any:
    return seen.scalars(select(workspaces.Workspace.workspace_id)).one()


def lost(given: Any, kept: Any, path: str = "") -> list[str]:
    """Where a document lost or changed something on its way through the schema's classes."""
    if isinstance(given, dict) and isinstance(kept, dict):
        return [at for key, value in given.items() for at in lost(value, kept.get(key), f"{path}/{key}")]
    if isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        pairs = enumerate(zip(given, kept, strict=True))
        return [at for n, (one, other) in pairs for at in lost(one, other, f"{path}/{n}")]
    return [] if given == kept else [path]


def through_the_schema(document: dict[str, Any]) -> Any:
    plugins.register_default_plugins()
    return json.loads(encoder.JSONEncoder().encode(grafana.Dashboard.from_json(copy.deepcopy(document))))


def test_grafanas_own_types_know_all_of_the_dashboard(demo: Engine) -> None:
    assert lost(DASHBOARD, through_the_schema(DASHBOARD)) == []
    wrong = copy.deepcopy(DASHBOARD)
    wrong["panels"][0]["titel"] = "misspelt"
    assert lost(wrong, through_the_schema(wrong)) == ["/panels/0/titel"]


def test_each_statement_of_the_dashboard_answers_the_role(reader: Engine, workspace_id: Any) -> None:
    statements = [variable["query"] for variable in DASHBOARD["templating"]["list"][1:3]]
    statements += [target["rawSql"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    for statement in statements:
        few = statement.replace("HAVING sum(n) >= 30", "HAVING sum(n) >= 1")  # the sample is small
        assert run(reader, few, workspace_id, "csat", "touchpoint"), statement


def test_its_table_shows_the_dashboards_figures(reader: Engine, seen: Session, workspace_id: Any) -> None:
    [table] = [panel for panel in DASHBOARD["panels"] if panel["title"] == "By touchpoint"]
    for metric, target in ("csat", "touchpoint"), ("nps", "journey"):
        rows = run(reader, table["targets"][0]["rawSql"], workspace_id, metric, target)
        shown = sorted((int(row[2]), round(float(row[3]), 6), round(float(row[4]), 6), round(float(row[5]), 2), round(float(row[6]), 2)) for row in rows)  # fmt: skip
        assert shown
        assert shown == sorted(expected(seen, workspace_id, metric, target))


def expected(seen: Session, workspace_id: Any, metric: str, target: str) -> Iterator[tuple[Any, ...]]:
    for line in kpis.lines(seen, workspace_id, kpis.Slice(metric, target=target), group_by="touchpoint"):
        figure = line.points[0].figure
        if figure.value is not None and figure.share is not None:
            low, high = figure.share_low or 0.0, figure.share_high or 0.0
            yield figure.n, round(figure.value, 6), round(figure.share, 6), round(low, 2), round(high, 2)


def run(reader: Engine, statement: str, workspace_id: Any, metric: str, target: str) -> list[Any]:
    """A statement as Grafana sends it: its variables and macros filled in."""
    filled = (
        statement.replace("${workspace}", str(workspace_id))
        .replace("${metric}", metric)
        .replace("${target}", target)
    )
    filled = re.sub(r"\$__time(From|To)\(\)", lambda found: {"From": "'2000-01-01'", "To": "'2100-01-01'"}[found[1]], filled)  # fmt: skip
    assert "$" not in filled
    with reader.connect() as connection:
        return list(connection.execute(text(filled.replace(":", "\\:").replace("\\:\\:", "::"))))


def test_dbt_builds_the_package_as_the_role(
    demo: Engine, reader: Engine, seen: Session, workspace_id: Any, tmp_path: Path
) -> None:
    assert DBT.exists(), "dbt is needed, in an environment of its own: make build/dbt/ready"
    url = reader.url
    with demo.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA afterword_models AUTHORIZATION {url.username}"))
    where = {
        "AFTERWORD_BI_HOST": str(url.host or url.query.get("host")), "AFTERWORD_BI_PORT": str(url.port or 5432),
        "AFTERWORD_BI_USER": str(url.username), "AFTERWORD_BI_PASSWORD": "x", "AFTERWORD_BI_DATABASE": str(url.database),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_TARGET_PATH": str(tmp_path / "target"), "DBT_LOG_PATH": str(tmp_path),
    }  # fmt: skip
    package = str(ROOT / "deploy/bi/dbt")
    done = subprocess.run(
        [str(DBT), "--no-version-check", "build", "--project-dir", package, "--profiles-dir", package],
        env={**os.environ, **where}, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    with reader.connect() as connection:
        found = connection.execute(text("SELECT metric, target, n, figure, favourable_percent, favourable_low, favourable_high FROM afterword_models.figures_by_touchpoint")).all()  # fmt: skip
    for metric, target in ("csat", "touchpoint"), ("nps", "journey"):
        shown = sorted((int(row[2]), round(float(row[3]), 6), round(float(row[4]), 6), round(float(row[5]), 2), round(float(row[6]), 2)) for row in found if row[:2] == (metric, target))  # fmt: skip
        assert shown
        assert shown == sorted(expected(seen, workspace_id, metric, target))
