"""The station's tables, gathered for the migrations."""

from collector.communities.runs.models import StoredRun

__all__ = ["StoredRun"]
