"""What the definitions must not leave out: where a figure, an interval or a verdict says less than it seems to."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

LIMITS = {
    "net": "a convention too, no measurement",
    "csat": "favourable: 4, 5; unfavourable: 1, 2",
    "nps": "favourable: 9, 10; unfavourable: 0 to 6",
    "helpful": "favourable: yes; unfavourable: no",
    "interval": "who answers several times counts as several",
    "verdict": "it is no proof",
    "five": "Somebody who answers several times counts as several here too",
    "drivers": "so its ends are rough",
    "reach": "about as certain as one from fewer answers",
    "recovery": "regression to the mean",
    "signal": "smaller than it was seen",
    "paths": "does not say why",
    "outcomes": "less than 90 days have passed",
    "response-rate": "asked about the journey as a whole is not in it",
    "topics": "goes beyond chance among all topics",
    "run": "not that it is as large as what is worth finding",
    "exit": "by their own account",
    "ces": "carried over here to scales of more steps",
}


@pytest.fixture
def definitions(manager: FlaskClient) -> dict[str, str]:
    """Each definition's words by its anchor."""
    sections = manager.get("/definitions").text.split("<section ")[1:]
    found = {match[1]: section for section in sections if (match := re.search(r' id="([a-z_-]+)"', section))}
    return {key: re.sub(r"<[^>]+>", " ", text) for key, text in found.items()}


def test_each_definition_says_what_its_figure_does_not_tell(definitions: dict[str, str]) -> None:
    for key, limit in LIMITS.items():
        assert limit in definitions[key], key
