"""The answers: durable, tagged, one per invitation.

In: a signed token and answers. Out: a row with everything it belongs to (touchpoint, journey and its version,
series, channel, persona). Read by kpis, exchange and the dashboard; accepted means committed.
"""

from collector.responses import forget, holding, news, retention, stemming
from collector.responses.actions import find, submit
from collector.responses.event_lane import EventLane
from collector.responses.forget import theirs
from collector.responses.lane import Lane
from collector.responses.models import HeldResponse, Response
from collector.responses.recording import RESPONDENTS, columns, content_of, masks
from collector.responses.searching import Said, Wanted, comments, has_attribute, said_in
from collector.responses.settling import SECOND_THOUGHT
from collector.responses.text import clean, kept

__all__ = [
    "RESPONDENTS",
    "SECOND_THOUGHT",
    "EventLane",
    "HeldResponse",
    "Lane",
    "Response",
    "Said",
    "Wanted",
    "clean",
    "columns",
    "comments",
    "content_of",
    "find",
    "forget",
    "has_attribute",
    "holding",
    "kept",
    "masks",
    "news",
    "retention",
    "said_in",
    "stemming",
    "submit",
    "theirs",
]
