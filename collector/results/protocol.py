"""A run's protocol: what ISO 20252 asks a report to say - who, how many, in which words, when, and the response rate."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from collector import clock
from collector.communities.runs import StoredRun
from collector.instruments import as_json
from collector.results import clicks, reading, verdict
from collector.results.wording import Words

MOMENTS = ("starts_at", "ends_at", "created_at", "started_at", "concluded_at")


def write(session: Session, run: StoredRun, words: Words) -> dict[str, Any]:
    """Everything there is to say of a run, in the order of a report; aggregates only."""
    published = reading.measured(session, run.workspace_id, run.survey)
    found, steps = verdict.of(session, run), reading.progress(session, run)
    whole = steps.whole
    return {
        "run": {"key": run.key, "name": run.name, "assumption": run.assumption, "state": run.state},
        "where": {"touchpoint": run.touchpoint, "journey": run.journey},
        "audience": {"panel": run.panel, "only": run.only, "sample": run.sample, "cells": run.cells},
        "variants": run.variants,
        "hypotheses": [
            {**each.hypothesis.as_json(), "sentence": words.hypothesis(run, each.hypothesis)}
            for each in found.outcomes
        ],
        "pictures": run.pictures,
        "clicks": [
            {
                "picture": each.picture["digest"],
                "variants": each.variants,
                "n": each.n,
                "areas": [
                    {
                        "area": row.area,
                        "n": row.n,
                        "share": row.share,
                        "low": row.interval.low,
                        "high": row.interval.high,
                    }
                    for row in each.rows
                ],
            }
            for each in clicks.of_run(session, run, found)
        ],
        "design": {"design": run.design, "n": run.n},
        "wording": {
            "survey": run.survey,
            "version": published.version,
            "template": as_json(published.template),
        },
        "dates": {name: clock.iso(at) if (at := getattr(run, name)) else None for name in MOMENTS},
        "fieldwork": {
            "invited": whole.invited,
            "opened": whole.opened,
            "started": whole.started,
            "finished": whole.finished,
            "response_rate": whole.started / whole.invited if whole.invited else None,
            "by_variant": {key: vars(each) for key, each in steps.by_variant.items() if key},
        },
        "responsible": {"made_by": run.created_by, "concluded_by": run.concluded_by},
        "verdict": {**found.as_json(), "sentences": words.sentences(run, found)},
    }
