"""Every target of the Makefile is run by the build or stands among the long checks; every benchmark starts as it is."""

from __future__ import annotations

import re
import subprocess
import sys

import distributions
import pytest

BENCHMARKS = sorted(
    path.name
    for path in (distributions.ROOT / "tests/benchmarks").glob("*.py")
    if '\nif __name__ == "__main__":\n' in path.read_text()
)
"""As `make bench` finds them: programs, not what they share."""
NOTHING_REQUIRED = re.compile(r"usage: \S+((?:\s+\[(?:[^\[\]]|\[[^\[\]]*\])*\])*)\s*$")
"""A usage in which every argument stands in brackets."""


def _targets() -> set[str]:
    makefile = (distributions.ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.M))


def _named(page: str) -> set[str]:
    return set(re.findall(r"(?m)(?:^|`)make ([a-z0-9-]+)", (distributions.ROOT / page).read_text()))


def test_every_target_is_run_or_named() -> None:
    assert _targets() - _named(".ci/run") - _named("CONTRIBUTING.md") == set()


def test_nothing_is_named_that_cannot_be_made() -> None:
    assert (_named(".ci/run") | _named("CONTRIBUTING.md")) - _targets() == set()


def test_every_target_is_phony_or_a_file_that_make_would_find() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (distributions.ROOT / "Makefile").read_text(), re.M)
    assert phony is not None
    assert set(phony[1].split()) == _targets()


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_needs_no_argument(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(distributions.ROOT / "tests/support"))
    monkeypatch.setenv("COLUMNS", "1000")
    file = distributions.ROOT / "tests/benchmarks" / name
    done = subprocess.run([sys.executable, file, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert NOTHING_REQUIRED.match(done.stdout.splitlines()[0]), done.stdout.splitlines()[0]
