"""What customers do: an append-only log, and the journey instances it adds up to.

In: steps and events from business systems. Out: the instance (one customer's one way through a journey) that
triggers, answers and path analysis refer to.
"""

from collector.interactions import forget, retention, tombstones
from collector.interactions.actions import instance_for, record
from collector.interactions.contact import Contact, Undoing, refuse_personal_data
from collector.interactions.instances import Instances, Stay
from collector.interactions.models import NOWHERE, Interaction, JourneyInstance

__all__ = [
    "NOWHERE",
    "Contact",
    "Instances",
    "Interaction",
    "JourneyInstance",
    "Stay",
    "Undoing",
    "forget",
    "instance_for",
    "record",
    "refuse_personal_data",
    "retention",
    "tombstones",
]
