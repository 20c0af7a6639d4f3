"""The real answers of the Friends and Family Test, imported twice and counted independently.

    python tests/benchmarks/import_nhs.py path/to/v6framework_230831.csv [--database postgresql://...]

The file is not part of this repository: github.com/The-Strategy-Unit/pxtextmining, MIT, (c) 2021 NHS England.
Prints one JSON object: what was accepted and refused, whether n, mean and CSAT per touchpoint of
``GET /api/v1/kpis`` equal a count by another program, what the second import added, and rows per second.
Exit status 1 if anything differs.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from collector import config, db, journeys, migrations, workspaces
from collector.exchange import console
from collector.journeys import files
from collector.service.app import create_app

EXAMPLES = Path(__file__).parents[2] / "docs" / "how-to" / "examples"
MAPPING = EXAMPLES / "friends-and-family.yaml"
TOUCHPOINTS = EXAMPLES / "friends-and-family-touchpoints.yaml"
SERVICES = {
    "PTS": "patient-transport", "See": "ambulance", "111": "helpline-111", "Local": "mental-health",
    "Community": "community-health", "Forensic": "forensic", "Specialist": "children",
}  # fmt: skip
Figures = dict[str, tuple[int, float, float]]
"""touchpoint -> n, mean, CSAT in percent"""


def main() -> int:
    options = _options()
    if options.file is None or not options.file.exists():
        print("no file given: see the first lines of this program", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/afterword.db"
        settings = config.load({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "x" * 40})
        migrations.upgrade(settings.database_url)
        found = measure(options.file, settings)
    print(json.dumps(found, indent=2))
    return 0 if found["figures_equal"] and found["second_import_added"] == 0 else 1


def measure(path: Path, settings: config.Config) -> dict[str, Any]:
    """Import twice and compare."""
    engine = db.make_engine(settings.database_url, 4)
    sessions = db.make_sessions(engine)
    workspace_id, key = _open(sessions)
    started = time.perf_counter()
    first = _import(sessions, workspace_id, path)
    seconds = time.perf_counter() - started
    second = _import(sessions, workspace_id, path)
    client = create_app(settings, engine).test_client()
    query = {"metric": "csat", "group_by": "touchpoint"}
    answer = client.get("/api/v1/kpis", query_string=query, headers={"Authorization": f"Bearer {key}"}).json
    shown, counted = _shown(answer), count(path)
    engine.dispose()
    return {
        "rows": first["rows"],
        "accepted": first["accepted"],
        "skipped": {reason: found["count"] for reason, found in first["skipped"].items()},
        "quarantined": {reason: found["count"] for reason, found in first["quarantined"].items()},
        "unmapped": first["unmapped"],
        "figures_equal": shown == counted,
        "figures": shown,
        "second_import_added": second["accepted"],
        "rows_per_second": round(first["rows"] / seconds),
        "rows_per_second_of_csv_alone": round(first["rows"] / _seconds_to_read(path)),
    }


def count(path: Path) -> Figures:
    """n, mean and share of 4 and 5 per touchpoint, straight from the file, without a line of the importer's."""
    scores: dict[str, list[int]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            service = next(
                (key for begin, key in SERVICES.items() if row["Service type 1"].startswith(begin)), None
            )
            if service and row["FFT categorical answer"] in {"1", "2", "3", "4", "5"}:
                scores[service].append(6 - int(row["FFT categorical answer"]))
    return {
        key: (
            len(found),
            round(sum(found) / len(found), 6),
            round(100 * sum(s > 3 for s in found) / len(found), 6),
        )
        for key, found in sorted(scores.items())
    }


def _shown(answer: dict[str, Any]) -> Figures:
    points = {line["group"]: line["points"][0] for line in answer["series"]}
    return {key: (point["n"], point["mean"], point["score"]) for key, point in sorted(points.items())}


def _open(sessions: sessionmaker[Session]) -> tuple[UUID, str]:
    now = datetime.now(UTC)
    with sessions.begin() as session:
        workspace = workspaces.create(session, f"Friends and Family {now:%Y%m%d%H%M%S%f}", now)
        document = files.load(TOUCHPOINTS.read_bytes(), TOUCHPOINTS.name).document
        journeys.apply(session, workspace.workspace_id, document, "benchmark", now)
        return workspace.workspace_id, workspaces.mint_key(session, workspace, "read", "benchmark", now).text


def _import(sessions: sessionmaker[Session], workspace_id: UUID, path: Path) -> dict[str, Any]:
    out = io.StringIO()
    source = console.responses(workspace_id, path, MAPPING, datetime.now(UTC))
    code = console.Import(as_json=True, out=out).run(sessions, source)
    if code == console.STOPPED:
        raise SystemExit(1)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def _seconds_to_read(path: Path) -> float:
    started = time.perf_counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        list(csv.DictReader(file))
    return time.perf_counter() - started


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, default=os.environ.get("FRIENDS_AND_FAMILY_CSV"))
    parser.add_argument("--database", help="postgresql://...; by default a SQLite file of its own")
    options = parser.parse_args()
    options.file = Path(options.file) if options.file else None
    return options


if __name__ == "__main__":
    sys.exit(main())
