"""Outcomes: what became of customers, and what other systems measured at the same touchpoints.

In: outcomes by customer or way (revenue, churn, cost, repeat contact, resolved) and KPI values by touchpoint and period.
Out: outcomes beside the scores that were given before, which are associated with them and not caused by them. Read by
the dashboard and by a customer's timeline.
"""

from collector.outcomes import actions, association, beside, forget, kinds, reading, retention, schemas
from collector.outcomes.models import KpiValue, Outcome

__all__ = [
    "KpiValue",
    "Outcome",
    "actions",
    "association",
    "beside",
    "forget",
    "kinds",
    "reading",
    "retention",
    "schemas",
]
