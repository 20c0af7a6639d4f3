"""Each recipe of ``docs/how-to`` is followed to the letter, and the checks then pass.

All of them in one copy, in the order of their names: they must not stand in each other's way either.
"""

from __future__ import annotations

from pathlib import Path

import distributions
import pytest
import recipe

pytestmark = pytest.mark.timeout(1500)
"""What they say at their end is a thousand tests in one: on a busy machine more than the five minutes of any other."""
PAGES = sorted((distributions.ROOT / "docs/how-to").glob("add-a*.md"))
CHECKS = (
    "ruff check .",
    "ruff format --check .",
    "lint-imports --no-cache",
    "mypy",
)
LATER: list[str] = []
"""What all pages say at their end: the API is frozen once, and all tests that they name run together."""


def test_there_is_one_for_each_thing_that_people_add() -> None:
    things = {page.stem.removeprefix("add-an-").removeprefix("add-a-") for page in PAGES}
    assert things >= {
        "template",
        "question-kind",
        "metric",
        "channel",
        "way",
        "station",
        "setting",
        "importer",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_can_be_followed(page: Path, copy: Path) -> None:
    assert any(step.kind == "run" for step in recipe.steps(page)), "a recipe says how one sees that it worked"
    LATER.extend(recipe.follow(page, copy))


def test_what_they_say_at_their_end_holds(copy: Path) -> None:
    recipe.run("make openapi", copy)
    named = [word for line in LATER for word in line.split() if word.startswith("tests/")]
    recipe.run("pytest -q -x " + " ".join(dict.fromkeys([*named, "tests/shape"])), copy)


@pytest.mark.parametrize("command", CHECKS)
def test_the_checks_pass_afterwards(command: str, copy: Path) -> None:
    recipe.run(command, copy)


def test_an_edit_that_no_longer_fits_is_told() -> None:
    assert recipe.edited("a\nb\nc\n", " a\n+x\n b\n", "file") == "a\nx\nb\nc\n"
    assert recipe.edited("a\nb\nc\n", " a\n+x\n ...\n-c\n", "file") == "a\nx\nb\n"
    with pytest.raises(AssertionError, match="0 times"):
        recipe.edited("a\nb\n", " b\n a\n", "file")
    with pytest.raises(AssertionError, match="2 times"):
        recipe.edited("a\na\n", " a\n+b\n", "file")
