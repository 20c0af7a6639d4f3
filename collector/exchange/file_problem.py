"""A file that nobody can read, or not any further."""

from __future__ import annotations

from collector.errors import BadInput


class FileProblem(BadInput):
    """The file cannot be read, or not any further; nothing of the rows behind this place was taken."""

    default_code = "unreadable_file"
