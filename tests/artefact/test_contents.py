"""The distributions hold what the repository holds: no table, page, word or instrument is left behind."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import afterword
import distributions
import pytest

import collector

NOT_IN_THE_WHEEL = re.compile(r"\.po$|\.pot$|/babel\.cfg$|/v1\.sources$")
"""Sources of the catalogues and the stamp of the widget's: what runs reads what was made of them."""
NOT_IN_THE_SOURCE = re.compile(
    r"^(sdk_python|docs/screenshots|tests/browser/screenshots|\.ci)/|^\.gitignore$"
)
OF_THE_BUILD = re.compile(r"^(PKG-INFO|setup\.cfg)$|\.egg-info/")
"""Written by setuptools, which rewrites setup.cfg as well."""
LINK = re.compile(r"\]\((?!https?://|#)([^)]+)\)")


def _in_wheel(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def _in_source(source: Path) -> set[str]:
    with tarfile.open(source) as archive:
        files = (member.name.split("/", 1)[1] for member in archive.getmembers() if member.isfile())
        return {name for name in files if not OF_THE_BUILD.search(name)}


def _metadata(wheel: Path) -> tuple[dict[str, str], str]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        message = Parser().parsestr(archive.read(name).decode())
    return dict(message.items()), str(message.get_payload())


def test_the_collectors_wheel_is_its_packages(wheels: dict[str, Path]) -> None:
    expected = {
        name
        for name in distributions.tracked("collector", "survey_templates")
        if not NOT_IN_THE_WHEEL.search(name)
    }
    assert _in_wheel(wheels["afterword"]) == expected


def test_the_sdks_wheel_is_its_package(wheels: dict[str, Path]) -> None:
    expected = {name.removeprefix("sdk_python/") for name in distributions.tracked("sdk_python/afterword")}
    assert _in_wheel(wheels["afterword_sdk"]) == expected


def test_the_collectors_source_is_the_repository(sources: dict[str, Path]) -> None:
    expected = {name for name in distributions.tracked() if not NOT_IN_THE_SOURCE.search(name)}
    assert _in_source(sources["afterword"]) == expected - {"setup.cfg"}


def test_the_sdks_source_is_its_folder(sources: dict[str, Path]) -> None:
    expected = {name.removeprefix("sdk_python/") for name in distributions.tracked("sdk_python")}
    assert _in_source(sources["afterword_sdk"]) == expected


def test_the_versions_are_those_of_the_packages(wheels: dict[str, Path]) -> None:
    assert _metadata(wheels["afterword"])[0]["Version"] == collector.__version__
    assert _metadata(wheels["afterword_sdk"])[0]["Version"] == afterword.__version__


@pytest.mark.parametrize("name", ["afterword", "afterword_sdk"])
def test_the_long_description_needs_no_repository_around_it(wheels: dict[str, Path], name: str) -> None:
    headers, description = _metadata(wheels[name])
    assert headers["Description-Content-Type"].startswith("text/markdown")
    assert len(description) > 500
    assert LINK.findall(description) == []


def test_an_index_would_take_them(dist: Path) -> None:
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(dist.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
