"""Whom we ask: trigger -> decision -> invitation.

In: triggers from business systems, signed tokens from pages. Out: one stored decision per trigger and at most one
invitation per transaction. Read by responses (which closes an invitation) and the dashboard.
"""

from collector.invitations.actions import close, invite_volunteer, note, open_token, pending, trigger
from collector.invitations.ledger import cancel, decisions
from collector.invitations.models import Decision, Invitation, Subject, Trigger
from collector.invitations.tokens import token_of

__all__ = [
    "Decision",
    "Invitation",
    "Subject",
    "Trigger",
    "cancel",
    "close",
    "decisions",
    "invite_volunteer",
    "note",
    "open_token",
    "pending",
    "token_of",
    "trigger",
]
