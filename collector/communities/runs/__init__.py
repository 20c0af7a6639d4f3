"""Runs: a survey that asks an audience for a time, with a hypothesis that is fixed before the start."""

from collector.communities.runs.running import Run, run_by_key, runs_asking

__all__ = ["Run", "run_by_key", "runs_asking"]
