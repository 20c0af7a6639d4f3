"""What was written in a run that asks an open question: by how many, in which topics, and their words, once five wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector import days, responses, topics, workspaces
from collector.communities.runs import StoredRun
from collector.results.verdict import Verdict
from collector.statistics import K
from collector.topics import Topic

READ, SHOWN = 10_000, 50


@dataclass(frozen=True)
class Written:
    """``people`` wrote something; while they are fewer than five, there are no topics and no words.

    A topic is one of five people and more. Words stand in the order of the alphabet, so that nobody can tell whose came last.
    """

    people: int
    topics: Sequence[Topic] = ()
    words: Sequence[str] = ()


def of_run(session: Session, run: StoredRun, verdict: Verdict, now: datetime) -> Written:
    """What was written in a run so far, as far as the reader's scope goes; nothing while its sample ratio alarms."""
    if run.started_at is None or verdict.ratio.alarms:
        return Written(0)
    zone = workspaces.facts(session, run.workspace_id).timezone
    first, last = days.day_of(run.started_at, zone), days.day_of(now, zone)
    wanted = responses.Wanted(first, last, run=run.key)
    said = responses.said_in(session, run.workspace_id, wanted, READ)
    people = len({each.customer or each.response_id for each in said})
    if people < K:
        return Written(people)
    found = topics.read(session, run.workspace_id, topics.Asked(wanted))
    return Written(people, found.topics, sorted((each.comment for each in said[:SHOWN]), key=str.casefold))
