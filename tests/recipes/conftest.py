"""One copy of the checkout, in which all recipes are followed one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest
import recipe


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recipe.copy(tmp_path_factory.mktemp("recipes"))
