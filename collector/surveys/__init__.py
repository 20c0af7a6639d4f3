"""What is asked: templates bound to touchpoints, versioned, localised, and the metric series that keep figures comparable.

In: survey files, template files, answers. Out: the published survey of a touchpoint, in the customer's language,
and the rules that answers must pass. Read by invitations, responses and kpis.
"""

from collector.surveys import files, mixing
from collector.surveys.actions import (
    Plan,
    apply,
    at_touchpoint,
    belonging,
    find,
    get,
    list_surveys,
    plan,
    series_of,
    version,
    versions,
)
from collector.surveys.intake import check_open, has_quota, is_open, take_place
from collector.surveys.models import TARGETS, MetricSeries, Survey, SurveyVersion
from collector.surveys.published import Published, check_answers, localised, score_of, scores_of
from collector.surveys.running import (
    Bound,
    Standing,
    asks_at_end,
    asks_everybody,
    bound,
    fitting,
    journey_at,
    known,
    running_at,
    standing_at,
    state_of,
)
from collector.surveys.schemas import entry
from collector.surveys.states import change as change_state

__all__ = [
    "TARGETS",
    "Bound",
    "MetricSeries",
    "Plan",
    "Published",
    "Standing",
    "Survey",
    "SurveyVersion",
    "apply",
    "asks_at_end",
    "asks_everybody",
    "at_touchpoint",
    "belonging",
    "bound",
    "change_state",
    "check_answers",
    "check_open",
    "entry",
    "files",
    "find",
    "fitting",
    "get",
    "has_quota",
    "is_open",
    "journey_at",
    "known",
    "list_surveys",
    "localised",
    "mixing",
    "plan",
    "running_at",
    "score_of",
    "scores_of",
    "series_of",
    "standing_at",
    "state_of",
    "take_place",
    "version",
    "versions",
]
