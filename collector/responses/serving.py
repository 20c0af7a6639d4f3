"""What the widget and the hosted page show: the survey behind a token, in the customer's language."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import clock, errors, invitations, surveys, workspaces
from collector.communities import panels, runs
from collector.responses import actions, page_words


@dataclass(frozen=True)
class Asked:
    """One survey put to one customer (``invitation`` is None for feedback that nobody asked for)."""

    published: surveys.Published
    token: str
    invitation_id: uuid.UUID
    expires_at: datetime
    invitation: invitations.Invitation | None = None

    @property
    def is_for_the_page(self) -> bool:
        """Whether it asks about a picture, which the hosted page alone shows: in a host's page nothing is asked."""
        return self.published.template.click is not None


def by_token(
    session: Session, token: str, now: datetime, may_write: bool = True, also_put_off: bool = False
) -> Asked | None:
    """The survey behind an invitation token; None: nothing to ask (now). Who opens a link may answer what they put off."""
    invitation = invitations.open_token(session, token, now, may_write)
    if invitation is None or (
        invitation.not_before
        and invitation.not_before > now
        and not (also_put_off and invitations.is_put_off(invitation, now))
    ):
        return None
    if invitation.source in invitations.ASKED_HERE and actions.answer_to(session, invitation) is None:
        surveys.check_open(session, invitation.workspace_id, invitation.survey, now)
        runs.check_place(session, invitation.workspace_id, invitation.run, invitation.attributes)
    return _asked(session, invitation, token)


def by_customer(session: Session, customer_token: str, now: datetime, may_write: bool = True) -> Asked | None:
    """What is pending for the customer whose signed token this is."""
    invitation = invitations.pending(session, customer_token, now, may_write)
    if invitation is None or not surveys.is_open(session, invitation.workspace_id, invitation.survey, now):
        return None
    if runs.is_full(session, invitation.workspace_id, invitation.run, invitation.attributes):
        return None
    return _asked(session, invitation, invitations.token_of(session, invitation, now))


def volunteered(
    session: Session, key: str, touchpoint: str, locale: str | None, now: datetime
) -> Asked | None:
    """The feedback form of a touchpoint, for a page that holds a publishable key."""
    made = invitations.invite_volunteer(session, key, touchpoint, locale, now)
    if made is None:
        return None
    return Asked(made.published, made.token, made.invitation_id, made.expires_at)


def localised(session: Session, asked: Asked, preferred: Sequence[str | None]) -> dict[str, Any]:
    """The survey as the wire has it (``GET /w/v1/survey``)."""
    published, invitation = asked.published, asked.invitation
    workspace = workspaces.facts(session, published.workspace_id)
    tags = [tag for tag in [*preferred, workspace.locale] if tag]
    return {
        "token": asked.token,
        "invitation_id": str(asked.invitation_id),
        "expires_at": clock.iso(asked.expires_at),
        "survey": {"key": published.key, "version": published.version, "series": str(published.series_id)},
        "touchpoint": published.touchpoint,
        "journey": invitation.journey if invitation else published.journey,
        "company": {"name": workspace.name, "logo": workspace.logo_url},
        **surveys.localised(published, tags),
        "answered": answered(session, invitation),
    }


def with_offers(session: Session, survey: dict[str, Any], asked: Asked, now: datetime) -> dict[str, Any]:
    """A survey with what the widget may offer beside it, if anything: to put it off, to join a panel after the answer."""
    invitation = asked.invitation
    if invitation is None:
        return survey
    later = "later" in survey["words"] and invitations.wait_if_put_off(session, invitation, now)
    keys = invitation.workspace_id, invitation.touchpoint, invitation.customer
    url = panels.links.offer(session, *keys, now)
    offers = [name for name, offered in {"later": later, "join": url}.items() if offered]
    join = {"join": {"url": url, "text": page_words.words(survey["locale"])["may_ask"]}} if url else {}
    return survey | join | ({"offers": offers} if offers else {})


def picture(session: Session, asked: Asked) -> dict[str, Any] | None:
    """What somebody is asked to click on: the picture of their variant in the run."""
    invitation = asked.invitation
    run = runs.known(session, invitation.workspace_id).get(invitation.run or "") if invitation else None
    found = runs.pictures.of(run.pictures, invitation.variant) if run and invitation else None
    if found is None or invitation is None:
        return None
    address = f"/pictures/{invitation.workspace_id}/{found['digest']}"
    return {"question": asked.published.template.click, "src": address, **found}


def answered(session: Session, invitation: invitations.Invitation | None) -> dict[str, Any]:
    """What the customer has answered so far, so that a link opened again goes on where it was left."""
    row = actions.answer_to(session, invitation) if invitation else None
    if row is None:
        return {"response_id": None, "answers": {}, "complete": False}
    return {"response_id": str(row.response_id), "answers": row.answers, "complete": row.complete}


def refuse_answered(survey: dict[str, Any]) -> dict[str, Any]:
    """A survey that is still open; raises 410 for a completed one."""
    if survey["answered"]["complete"]:
        raise errors.Gone("This invitation was answered already. Thank you!", "invitation_answered")
    return survey


def _asked(session: Session, invitation: invitations.Invitation, token: str) -> Asked:
    published = surveys.version(
        session, invitation.workspace_id, invitation.survey, invitation.survey_version
    )
    return Asked(published, token, invitation.invitation_id, invitation.expires_at, invitation)
