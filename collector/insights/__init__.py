"""Insights: what hurts where, on which evidence, who sees to it, what they do about it.

In: a verdict, a comment, a signal or a person's own thought. Out: insights with owners, states and actions, each step of
which is in the record (nouns ``insight`` and ``action``), where whatever sends messages reads it. Read by the dashboard.
"""

from collector.insights import (
    asked_again,
    doing,
    evidence,
    exporting,
    following_up,
    forget,
    quarters,
    reading,
    recovery,
    report,
    rules,
    unhappy,
    wording,
)
from collector.insights.actions import Thought, attach, cite, comment, edit, file, move
from collector.insights.asked_again import Loop
from collector.insights.doing import Task
from collector.insights.evidence import Cited, gather
from collector.insights.models import Action, FollowUp, Insight, Recovery
from collector.insights.quarters import Quarter
from collector.insights.reading import Citation, Wanted
from collector.insights.report import Report
from collector.insights.rules import Weight
from collector.insights.taking_up import take_up

__all__ = [
    "Action",
    "Citation",
    "Cited",
    "FollowUp",
    "Insight",
    "Loop",
    "Quarter",
    "Recovery",
    "Report",
    "Task",
    "Thought",
    "Wanted",
    "Weight",
    "asked_again",
    "attach",
    "cite",
    "comment",
    "doing",
    "edit",
    "evidence",
    "exporting",
    "file",
    "following_up",
    "forget",
    "gather",
    "move",
    "quarters",
    "reading",
    "recovery",
    "report",
    "rules",
    "take_up",
    "unhappy",
    "wording",
]
