"""The answers: durable, tagged, one per invitation.

In: a signed token and answers. Out: a row with everything it belongs to (touchpoint, journey and its version,
series, channel, persona). Read by kpis, exchange and the dashboard; accepted means committed.
"""

from collector.responses.actions import submit
from collector.responses.models import Response
from collector.responses.searching import Wanted, comments, has_attribute
from collector.responses.settling import SECOND_THOUGHT
from collector.responses.stemming import stems

__all__ = ["SECOND_THOUGHT", "Response", "Wanted", "comments", "has_attribute", "stems", "submit"]
