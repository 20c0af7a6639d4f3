"""The alerts, judged by Prometheus' own promtool: what wakes somebody, and what does not."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from collector import jobs

RULES = Path(__file__).parents[2] / "deploy/prometheus/alerts.yaml"
SCRAPED = 'job="afterword", instance="127.0.0.1:8400"'
WELL = {
    f"up{{{SCRAPED}}}": "1x3100",
    f'afterword_requests_total{{{SCRAPED}, status="200"}}': "0+600x3100",
    f'afterword_requests_total{{{SCRAPED}, status="503"}}': "0+1x3100",
    f'afterword_requests_total{{{SCRAPED}, status="500"}}': "3x3100",
    f'afterword_job_lag_seconds{{{SCRAPED}, exported_job="count answers into rollups"}}': "1x3100",
    f'afterword_job_failures{{{SCRAPED}, exported_job="count answers into rollups"}}': "0x3100",
    f'afterword_job_lag_seconds{{{SCRAPED}, exported_job="backup"}}': "90000x3100",
    f'afterword_request_seconds_bucket{{{SCRAPED}, route="/s/<token>", le="0.5"}}': "0+600x3100",
    f'afterword_request_seconds_bucket{{{SCRAPED}, route="/s/<token>", le="2.5"}}': "0+601x3100",
    f'afterword_request_seconds_bucket{{{SCRAPED}, route="/s/<token>", le="+Inf"}}': "0+601x3100",
    f"afterword_uncounted_responses{{{SCRAPED}}}": "40x3100",
}
"""A quiet collector, minute by minute."""


def _series(*words: str) -> str:
    [found] = [name for name in WELL if all(word in name for word in words)]
    return found


ILL: dict[str, dict[str, str | None]] = {
    "AfterwordDown": {_series("up{"): "1x5 0x3100"},
    "AfterwordRefusesAnswers": {_series('"503"'): "0+10x3100"},
    "AfterwordFaults": {_series('"500"'): "0+1x3100"},
    "AfterwordFiguresLag": {_series("lag", "rollups"): "400x3100", _series("failures"): "3x3100"},
    "AfterwordNoBackup": {_series("lag", "backup"): "180000x3100"},
    "AfterwordNeverBackedUp": {_series("lag", "backup"): None},
    "AfterwordSlow": {_series('"0.5"'): "0+580x3100"},
    "AfterwordUncounted": {_series("uncounted"): "10001x3100"},
}


def _promtool(*arguments: str | Path) -> str:
    program = shutil.which("promtool")
    assert program, "promtool is needed: apt-get install prometheus"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _alerts() -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    return rules


def test_prometheus_takes_the_rules() -> None:
    assert f"{len(_alerts())} rules found" in _promtool("check", "rules", RULES)


def _told(folder: Path, changed: dict[str, str | None], at: str, expected: list[str]) -> None:
    """Has promtool say that at that time these alerts fire, and no others."""
    series = [{"series": n, "values": v} for n, v in {**WELL, **changed}.items() if v is not None]
    counts = [
        {
            "expr": f'count(ALERTS{{alertname="{name}", alertstate="firing"}}) or vector(0)',
            "eval_time": at,
            "exp_samples": [{"labels": "{}", "value": int(name in expected)}],
        }
        for name in ILL
    ]
    test = {"interval": "1m", "input_series": series, "promql_expr_test": counts}
    file = folder / "test.yaml"
    file.write_text(
        yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [test]})
    )
    _promtool("test", "rules", file)


def test_a_quiet_collector_wakes_nobody(tmp_path: Path) -> None:
    _told(tmp_path, {}, "50h", [])


@pytest.mark.parametrize("alert", list(ILL))
def test_each_alert_fires_for_its_cause_alone(alert: str, tmp_path: Path) -> None:
    _told(tmp_path, ILL[alert], "50h" if alert == "AfterwordNeverBackedUp" else "2h", [alert])


def test_a_new_collector_has_two_days_for_its_first_backup(tmp_path: Path) -> None:
    _told(tmp_path, ILL["AfterwordNeverBackedUp"], "40h", [])


def test_every_alert_has_a_cause_that_is_tried() -> None:
    assert [rule["alert"] for rule in _alerts() if rule["alert"] not in ILL] == []


def test_what_the_alerts_are_tried_with_is_what_the_collector_says(
    client: FlaskClient, session: Any, time: Any
) -> None:
    """Names and labels of the series above are those of /metrics; Prometheus itself adds job and instance."""
    for name in ("backup", "count answers into rollups"):
        job = jobs.Job(name, 1.0, lambda *_: 0, lambda *_: False)
        jobs.succeeded(session, jobs.Success(job, time()))
    session.commit()
    client.get("/livez")
    said: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            said.setdefault(sample.name, set()).update(sample.labels)
    for series in WELL:
        name, _, labels = series.partition("{")
        given = {
            label.removeprefix("exported_") for label in re.findall(r"(\w+)=", labels.replace(SCRAPED, ""))
        }
        assert name == "up" or given <= said[name], series
