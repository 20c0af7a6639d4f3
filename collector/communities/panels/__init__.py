"""Panels: people who agreed to be asked again and again, known by pseudonym; how they are reached lies apart, sealed.

In: members by file, by link, or after an answer, each with the proof of their consent; a withdrawal in one click. Out:
whom a run may ask (``membership``), and whom it asks next (``asking``). Read by runs, invitations and deliveries.
"""

from collector.communities.panels import (
    actions,
    asking,
    contacts,
    joining,
    leaving,
    links,
    listing,
    membership,
    models,
    rows,
    taking,
)
from collector.communities.panels.membership import Member, member_of, members_of
from collector.communities.panels.models import Panel, PanelAsk, PanelMember
from collector.communities.panels.progress import Progress, progress
from collector.communities.panels.taking import Means, Numbered, Report

__all__ = [
    "Means",
    "Member",
    "Numbered",
    "Panel",
    "PanelAsk",
    "PanelMember",
    "Progress",
    "Report",
    "actions",
    "asking",
    "contacts",
    "joining",
    "leaving",
    "links",
    "listing",
    "member_of",
    "members_of",
    "membership",
    "models",
    "progress",
    "rows",
    "taking",
]
