"""The station's tables, gathered for the migrations."""

from collector.communities.panels.models import Panel, PanelAsk, PanelConsent, PanelContact, PanelMember
from collector.communities.runs.models import RunCell, RunPicture, StoredRun

__all__ = [
    "Panel",
    "PanelAsk",
    "PanelConsent",
    "PanelContact",
    "PanelMember",
    "RunCell",
    "RunPicture",
    "StoredRun",
]
