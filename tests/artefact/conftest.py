"""The distributions, built once, or those that ``make release`` has just built (``DISTRIBUTIONS=dist``)."""

from __future__ import annotations

import os
from pathlib import Path

import distributions
import pytest


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two wheels and two source distributions."""
    given = os.environ.get("DISTRIBUTIONS")
    return Path(given).resolve() if given else distributions.build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="session")
def wheels(dist: Path) -> dict[str, Path]:
    """The wheel of each distribution, by its name."""
    return {wheel.name.split("-")[0]: wheel for wheel in dist.glob("*.whl")}


@pytest.fixture(scope="session")
def sources(dist: Path) -> dict[str, Path]:
    """The source distribution of each, by its name."""
    return {source.name.split("-")[0]: source for source in dist.glob("*.tar.gz")}
