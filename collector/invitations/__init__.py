"""Whom we ask: trigger -> decision -> invitation.

In: triggers from business systems, signed tokens from pages. Out: one stored decision per trigger and at most one
invitation per transaction. Read by responses (which closes an invitation) and the dashboard.
"""

from collector.invitations import asking_again, forget, members
from collector.invitations.actions import (
    Undecided,
    close,
    invite_volunteer,
    open_token,
    pending,
    takes_first_answer,
    trigger,
)
from collector.invitations.asking_members import are_members_due, ask_members
from collector.invitations.drawing import Draw
from collector.invitations.early_links import decide_all as decide_by_links
from collector.invitations.elsewhere import note_asked, note_contact, note_contacts
from collector.invitations.lane import Lane
from collector.invitations.ledger import decision_of
from collector.invitations.ledger import decisions as decided
from collector.invitations.models import (
    ANSWERED,
    ASKED,
    ASKED_HERE,
    FOLLOW_UP,
    SEEN,
    Decision,
    Invitation,
    Subject,
    Trigger,
    is_uncounted,
    station,
)
from collector.invitations.noting import Told, note, note_all
from collector.invitations.policies import policy
from collector.invitations.putting_off import is_put_off, put_off_until
from collector.invitations.putting_off import wait as wait_if_put_off
from collector.invitations.schedule import are_due, cancel, decisions, open_due
from collector.invitations.subjects import (
    consented,
    has_consent_record,
    opt_in,
    opt_out,
    record_consent,
)
from collector.invitations.subjects import find as find_subject
from collector.invitations.tokens import customer_of, read_token, sender, token_of

__all__ = [
    "ANSWERED",
    "ASKED",
    "ASKED_HERE",
    "FOLLOW_UP",
    "SEEN",
    "Decision",
    "Draw",
    "Invitation",
    "Lane",
    "Subject",
    "Told",
    "Trigger",
    "Undecided",
    "are_due",
    "are_members_due",
    "ask_members",
    "asking_again",
    "cancel",
    "close",
    "consented",
    "customer_of",
    "decide_by_links",
    "decided",
    "decision_of",
    "decisions",
    "find_subject",
    "forget",
    "has_consent_record",
    "invite_volunteer",
    "is_put_off",
    "is_uncounted",
    "members",
    "note",
    "note_all",
    "note_asked",
    "note_contact",
    "note_contacts",
    "open_due",
    "open_token",
    "opt_in",
    "opt_out",
    "pending",
    "policy",
    "put_off_until",
    "read_token",
    "record_consent",
    "sender",
    "station",
    "takes_first_answer",
    "token_of",
    "trigger",
    "wait_if_put_off",
]
