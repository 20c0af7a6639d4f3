"""Template files: read, checked, and every mistake named with file, line, column and field."""

from collections.abc import Mapping
from functools import cache

from marshmallow import ValidationError

import survey_templates
from collector.errors import NotFound
from collector.instruments.rules import errors
from collector.instruments.schemas import SHARED_WORDS, TemplateSchema
from collector.instruments.template import Template, Text
from collector.instruments.texts import Finding, gaps
from collector.yaml_marks import Document, FileError, Problem
from collector.yaml_marks import load as load_yaml


class TemplateError(FileError):
    """A template that cannot be taken; ``problems`` names every place that is wrong."""

    default_code = "invalid_template"


def load(text: str | bytes, filename: str) -> Template:
    """Read one template; TemplateError names what is wrong with it. A locale may still have gaps."""
    document, template = _read(text, filename)
    found = errors(template, shipped_words())
    if found:
        raise TemplateError(_problems(document, found))
    return template


def lint(text: str | bytes, filename: str) -> list[Problem]:
    """List everything wrong with a template file, the gaps in its translations included."""
    try:
        document, template = _read(text, filename)
    except TemplateError as error:
        return error.problems
    words = shipped_words()
    others = (gaps(template, locale, words) for locale in template.locales[1:])
    return _problems(document, [*errors(template, words), *(gap for found in others for gap in found)])


def template(key: str) -> Template:
    """One shipped template; NotFound if there is none of that key."""
    try:
        return shipped()[key]
    except KeyError:
        known = ", ".join(shipped())
        raise NotFound(f"No template {key!r}; there are {known}.", "unknown_template") from None


@cache
def shipped() -> Mapping[str, Template]:
    """All shipped templates by key, in the order of their names."""
    templates = (load(path.read_bytes(), path.name) for path in survey_templates.files())
    return {template.key: template for template in templates}


@cache
def measuring(metric: str) -> str:
    """The key of the shipped template that asks a metric's question."""
    return next(key for key, template in shipped().items() if template.metric == metric)


@cache
def shipped_words() -> Mapping[str, Text]:
    """The widget's shared words by locale."""
    path = survey_templates.WORDS
    document = load_yaml(path.read_bytes(), path.name)
    try:
        words: Mapping[str, Text] = SHARED_WORDS.deserialize(document.value)
    except ValidationError as error:
        raise TemplateError(document.problems(error.messages_dict)) from None
    return words


def _read(text: str | bytes, filename: str) -> tuple[Document, Template]:
    try:
        document = load_yaml(text, filename)
        if not isinstance(document.value, dict):
            raise TemplateError(
                [document.problem((), "invalid", "must be a mapping with key, questions, ...")]
            )
        return document, TemplateSchema().load(document.value)
    except ValidationError as error:
        raise TemplateError(document.problems(error.messages_dict)) from None
    except FileError as error:
        raise TemplateError(error.problems) from None


def _problems(document: Document, found: list[Finding]) -> list[Problem]:
    problems = [document.problem(*finding) for finding in found]
    return sorted(problems, key=lambda problem: (problem.line, problem.column))
