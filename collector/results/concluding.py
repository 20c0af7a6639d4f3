"""The verb: conclude a run. Its verdict is kept as it stands, and becomes an insight at its touchpoint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from collector import insights
from collector.communities import runs
from collector.communities.runs import StoredRun
from collector.results import verdict
from collector.results.wording import Words


def conclude(session: Session, run: StoredRun, words: Words, actor: str, now: datetime) -> StoredRun:
    """End a running run; raises 409 ``bad_run_state`` for any other."""
    found = verdict.read(session, run)
    runs.conclude(session, run, found.as_json(), actor, now)
    said = [run.assumption, *words.sentences(run, found), words.where(run)]
    thought = insights.Thought(
        title=f"{run.name}: {words.word(found.word)}"[:200],
        touchpoint=run.touchpoint,
        journey=run.journey,
        text="\n".join(line for line in said if line),
    )
    insights.file(session, run.workspace_id, thought, actor, now)
    return run
