"""The contact policy: who may be asked how often, when and how; a pure document with its schema.

In: a workspace's and a survey's documents. Out: one ``Policy`` that decides nothing by itself. Read by surveys and
invitations.
"""
