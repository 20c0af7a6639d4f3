"""Editing in the browser: the set-up of a workspace, one journey's phases and steps, files in and out.

In: plain HTML forms (no script needed), each with the revision or version at which it was read. Out: calls of the
verbs that the API uses too; pages that show what else was changed meanwhile before anything is overwritten.
Everybody who is signed in may look, editors change; ``blueprint.pages`` is what the app registers.
"""

from collector.journeys.pages import definition_views, file_views, journey_views, setup_views, step_views
from collector.journeys.pages.blueprint import pages

__all__ = ["definition_views", "file_views", "journey_views", "pages", "setup_views", "step_views"]
