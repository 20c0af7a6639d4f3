"""`{% load afterword %}`, then `{% afterword_survey invitation %}` or `{% afterword_customer_survey customer %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from .... import Invitation
from .. import client

register = template.Library()


@register.simple_tag
def afterword_survey(invitation: Invitation, **options: Any) -> SafeString:
    """Return the widget for one invitation."""
    return mark_safe(invitation.widget_tag(**options))


@register.simple_tag
def afterword_customer_survey(customer: str, **options: Any) -> SafeString:
    """Return the widget that shows what is pending for a customer, if anything."""
    return mark_safe(client().customer_widget_tag(customer, **options))
