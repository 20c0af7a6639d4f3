"""The message of a delivery: the survey behind its invitation, in its language, with the links that belong to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from collector import invitations, surveys, workspaces
from collector.deliveries import actions, words
from collector.deliveries.message import Message
from collector.deliveries.models import Delivery


def compose(session: Session, delivery: Delivery, url: str, now: datetime) -> Message:
    """The message of a delivery, its links below the collector's public address ``url``."""
    invitation = session.get_one(invitations.Invitation, (delivery.workspace_id, delivery.invitation_id))
    workspace = workspaces.get(session, delivery.workspace_id)
    published = surveys.version(session, delivery.workspace_id, invitation.survey, invitation.survey_version)
    survey = surveys.localised(published, [tag for tag in (invitation.locale, workspace.locale) if tag])
    stop = actions.unsubscribe_token(session, delivery, invitation.customer, now)
    return Message(
        delivery=delivery,
        company=workspace.name,
        survey=survey,
        words=words.words(survey["locale"], workspace.name),
        link=f"{url}/s/{invitations.token_of(session, invitation, now)}",
        short_link=f"{url}/m/{delivery.code}",
        unsubscribe_link=f"{url}/u/{stop}",
    )
