"""Journey files: YAML with ``stakeholders``, ``personas``, ``touchpoints``, ``journeys`` (and ``surveys``, left alone).

Every mistake is named with its line, column, field and code; see ``docs/reference/journey-file.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

from collector import yaml_marks
from collector.journeys import advice, checks, definitions, schemas
from collector.journeys.checks import Finding, Known
from collector.journeys.definitions import Definitions
from collector.yaml_marks import FileError, Problem

NOTHING = Known()


@dataclass(frozen=True)
class JourneyFile:
    """A file that holds together, and where each part of it stands."""

    document: Definitions
    source: yaml_marks.Document

    def warnings(self) -> list[Problem]:
        """What applies, yet hardly is what was meant (see ``advice``), in the order of the file."""
        return _placed(self.source, advice.find(self.document))


def load(text: str | bytes, filename: str, known: Known = NOTHING) -> JourneyFile:
    """Read and check a file; ``known`` are the keys that it may refer to besides its own.

    Raises FileError with every problem of the first kind that shows: not readable, not of this form, not sound.
    """
    return check(yaml_marks.load(text, filename), known)


def check(source: yaml_marks.Document, known: Known = NOTHING) -> JourneyFile:
    """A document that was read from somewhere as a journey file; raises FileError like ``load``."""
    if not isinstance(source.value, dict):
        message = "must hold stakeholders, personas, touchpoints or journeys"
        raise FileError([source.problem((), "not_a_journey_file", message)])
    own = {name: value for name, value in source.value.items() if name != "surveys"}
    if errors := schemas.DocumentSchema().validate(own):
        raise FileError(source.problems(errors))
    document = definitions.definitions(schemas.DocumentSchema().load(own))
    if findings := checks.find(document, known):
        raise FileError(_placed(source, findings))
    return JourneyFile(document, source)


def _placed(source: yaml_marks.Document, findings: list[Finding]) -> list[Problem]:
    problems = [source.problem(finding.path, finding.code, finding.message) for finding in findings]
    return sorted(problems, key=lambda problem: (problem.line, problem.column))
