"""The message of a delivery: the survey behind its invitation, in its language, with the links that belong to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from collector import invitations, surveys, workspaces
from collector.communities import panels
from collector.communities.panels import Panel, PanelAsk, PanelMember
from collector.deliveries import actions, words
from collector.deliveries.message import Message
from collector.deliveries.models import Delivery


def compose(session: Session, delivery: Delivery, url: str, now: datetime) -> Message:
    """The message of a delivery, its links below the collector's public address ``url``."""
    invitation = session.get_one(invitations.Invitation, (delivery.workspace_id, delivery.invitation_id))
    workspace = workspaces.get(session, delivery.workspace_id)
    published = surveys.version(session, delivery.workspace_id, invitation.survey, invitation.survey_version)
    survey = surveys.localised(published, [tag for tag in (invitation.locale, workspace.locale) if tag])
    said = words.words(survey["locale"], workspace.name)
    member = _member(session, delivery, invitation)
    if member is None:
        stop = f"/u/{actions.unsubscribe_token(session, delivery, invitation.customer, now)}"
    else:
        ask, row, panel = member
        stop = f"/l/{panels.links.leave_token(session, row.workspace_id, row.member_id, now)}"
        said |= {"why": said["why_member"].replace("{panel}", panel.name), "stop": said["leave_panel"]}
        said |= {"subject": said["remind_subject"]} if ask.reminded else {}
    return Message(
        delivery=delivery,
        company=workspace.name,
        survey=survey,
        words=said,
        link=f"{url}/s/{invitations.token_of(session, invitation, now)}",
        short_link=f"{url}/m/{delivery.code}",
        unsubscribe_link=f"{url}{stop}",
    )


def _member(
    session: Session, delivery: Delivery, invitation: invitations.Invitation
) -> tuple[PanelAsk, PanelMember, Panel] | None:
    """Whom a run asks with this message; None where no panel is asked."""
    if invitation.run is None:
        return None
    return panels.asking.of_invitation(session, delivery.workspace_id, delivery.invitation_id)
