"""What stands in a backup's way, as the one line the operator needs."""

from __future__ import annotations


class CannotBackUp(Exception):
    """A backup cannot be made, read or put back; nothing has been changed."""
