"""Four collectors, two thousand ways of five steps: each step gets its share of the asks, and no way is asked twice.

    python tests/benchmarks/asking_plan.py --ways 2000 [--database postgresql://...]

Prints one JSON object. The steps of a way arrive in any order, a tenth of them twice; what was drawn is compared with
what a process that saw none of it draws afterwards.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import uuid
from collections import Counter
from typing import Any

import decisions
from sqlalchemy import select

from collector import db, invitations, journeys, migrations, surveys, workspaces
from collector.invitations.drawing import Draw
from collector.surveys.schemas import SurveysIn

SHARES = {"search": 1.0, "order": 2.0, "visit": 3.0, "bill": 2.0, "renewal": 2.0}
COMPANY: dict[str, Any] = {
    "touchpoints": [{"key": key, "name": key.capitalize(), "channel": "web"} for key in SHARES],
    "journeys": [
        {
            "key": "line",
            "name": "A line",
            "definition": "From the wish to the next contract",
            "customer_goal": "A working line",
            "business_goal": "Activated contracts",
            "asking": {"shares": SHARES},
            "phases": [
                {"name": "All", "steps": [{"key": key, "name": key, "touchpoint": key} for key in SHARES]}
            ],
        }
    ],
}
SURVEYS = [
    {"key": f"{key}-nps", "template": "nps", "touchpoint": key, "journey": "line", "subject": "Example"}
    for key in SHARES
]


def main() -> int:
    options = _options()
    with decisions.database(options.database) as url:
        migrations.upgrade(url)
        workspace_id = _company(url)
        deliveries = _deliveries(options.ways)
        timings = decisions.fire(url, workspace_id, deliveries)
        report = {**_held(url, options.ways), **timings}
    print(json.dumps(report, indent=2))
    return 0 if report["held"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ways", type=int, default=2_000)
    parser.add_argument("--database", help="a PostgreSQL of your own; else one is started")
    return parser.parse_args()


def _company(url: str) -> uuid.UUID:
    with db.make_sessions(db.make_engine(url, 1)).begin() as session:
        workspace = workspaces.create(session, "Example Telecom", decisions.NOW)
        journeys.apply(session, workspace.workspace_id, COMPANY, "benchmark", decisions.NOW)
        entries = SurveysIn().load({"surveys": SURVEYS})["surveys"]
        surveys.apply(session, workspace.workspace_id, entries, "benchmark", decisions.NOW)
        return workspace.workspace_id


def _deliveries(ways: int) -> list[list[dict[str, Any]]]:
    chance = random.Random(1)
    items = [
        {
            "trigger_id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "touchpoint": step,
            "journey": "line",
            "journey_instance": f"way-{way}",
            "customer": f"c-{way}",
        }
        for way in range(ways)
        for step in SHARES
    ]
    sent = items + chance.sample(items, len(items) // 10)
    chance.shuffle(sent)
    return [sent[at : at + 5] for at in range(0, len(sent), 5)]


def _held(url: str, ways: int) -> dict[str, Any]:
    table = invitations.Invitation
    with db.make_sessions(db.make_engine(url, 2))() as session:
        asked = list(session.execute(select(table.journey_instance, table.touchpoint, table.probability)))
        reasons = Counter(session.scalars(select(invitations.Decision.reason)))
    total = sum(SHARES.values())
    shares = Counter(step for _, step, _ in asked)
    errors = {
        step: (shares[step] / ways - weight / total) / math.sqrt(weight / total * (1 - weight / total) / ways)
        for step, weight in SHARES.items()
    }
    redrawn = all(Draw(f"line\0{way}", SHARES).takes(step) for way, step, _ in asked)
    stored = all(math.isclose(chance, SHARES[step] / total) for _, step, chance in asked)
    most = max(Counter(way for way, _, _ in asked).values(), default=0)
    held = redrawn and stored and most == 1 and len(asked) == ways and max(map(abs, errors.values())) < 3
    return {
        "held": held,
        "ways": ways,
        "asked": dict(shares),
        "standard_errors_off": {step: round(error, 2) for step, error in errors.items()},
        "most_asks_of_one_way": most,
        "drawn_the_same_elsewhere": redrawn,
        "chance_stored": stored,
        "reasons": dict(reasons),
    }


if __name__ == "__main__":
    sys.exit(main())
