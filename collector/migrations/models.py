"""Every table of the house, imported once so that Alembic sees them all."""

from collector import revisions
from collector.changes import models as changes
from collector.communities import models as communities
from collector.dashboard import models as dashboard
from collector.db import Base
from collector.deliveries import models as deliveries
from collector.digests import models as digests
from collector.exchange import models as exchange
from collector.insights import models as insights
from collector.instruments import models as templates
from collector.interactions import models as interactions
from collector.invitations import models as invitations
from collector.jobs import models as jobs
from collector.journeys import models as journeys
from collector.kpis import models as kpis
from collector.migrations import guard
from collector.outcomes import models as outcomes
from collector.responses import models as responses
from collector.signals import models as signals
from collector.surveys import models as surveys
from collector.test_mode import models as test_mode
from collector.webhooks import models as webhooks
from collector.workspaces import models as workspaces

metadata = Base.metadata

__all__ = [
    "changes",
    "communities",
    "dashboard",
    "deliveries",
    "digests",
    "exchange",
    "guard",
    "insights",
    "interactions",
    "invitations",
    "jobs",
    "journeys",
    "kpis",
    "metadata",
    "outcomes",
    "responses",
    "revisions",
    "signals",
    "surveys",
    "templates",
    "test_mode",
    "webhooks",
    "workspaces",
]
