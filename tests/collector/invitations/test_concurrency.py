"""Sixteen threads on four processes over PostgreSQL: the policy holds for every customer, each trigger is decided once.

``TEST_CROWD=20000:2000`` plays it at full size (triggers:customers).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "decisions.py"


def test_many_collectors_ask_each_customer_once(postgresql_url: str) -> None:
    triggers, customers = os.environ.get("TEST_CROWD", "200:20").split(":")
    command = [sys.executable, str(SCRIPT), "--triggers", triggers, "--customers", customers]
    ran = subprocess.run(
        [*command, "--database", postgresql_url], capture_output=True, text=True, check=False, timeout=1800
    )
    assert ran.stdout, ran.stderr
    report = json.loads(ran.stdout)
    assert ran.returncode == 0, report
    assert report["held"]
    assert report["decisions"] == report["triggers"] == int(triggers)
    assert report["asked"] == report["customers"] == int(customers)
    assert report["most_asks_of_one_customer"] == report["most_asks_in_one_transaction"] == 1


def test_many_collectors_ask_each_way_once_at_the_step_it_draws(postgresql_url: str) -> None:
    """``TEST_WAYS=2000`` plays it at full size (``make ways``)."""
    ways = os.environ.get("TEST_WAYS", "120")
    command = [sys.executable, str(SCRIPT.with_name("asking_plan.py")), "--ways", ways]
    ran = subprocess.run(
        [*command, "--database", postgresql_url], capture_output=True, text=True, check=False, timeout=1800
    )
    assert ran.stdout, ran.stderr
    report = json.loads(ran.stdout)
    assert ran.returncode == 0, report
    assert report["most_asks_of_one_way"] == 1
    assert report["drawn_the_same_elsewhere"]
    assert report["chance_stored"]
    assert set(report["reasons"]) == {"invited", "other_step", "same_journey_instance"}
