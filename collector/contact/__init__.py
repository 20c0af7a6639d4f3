"""The contact policy: who may be asked how often, when and how; a pure document with its schema.

In: a workspace's and a survey's documents. Out: one ``Policy`` that decides nothing by itself. Read by surveys and
invitations.
"""

from collector.contact import sentences
from collector.contact.policy import MESSAGE_CHANNELS, Only, Policy, as_json, resolve
from collector.contact.schemas import PolicyField, SurveyPolicySchema, WorkspacePolicySchema

__all__ = [
    "MESSAGE_CHANNELS",
    "Only",
    "Policy",
    "PolicyField",
    "SurveyPolicySchema",
    "WorkspacePolicySchema",
    "as_json",
    "resolve",
    "sentences",
]
