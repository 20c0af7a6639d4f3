"""The pytest fixture `afterword_client`; pytest finds it by the entry point of this distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .testing import MemoryClient


@pytest.fixture
def afterword_client() -> MemoryClient:
    """A client that keeps what it is given and sends nothing."""
    from .testing import MemoryClient  # only for tests that ask for it

    return MemoryClient()
