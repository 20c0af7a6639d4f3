"""What `afterword templates list|show|lint` says, as values: the command line prints them."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from collector.errors import BadInput
from collector.instruments import files
from collector.instruments.localise import Localised, completeness, localise
from collector.instruments.question import Prompt, Question
from collector.yaml_marks import MAX_BYTES, Problem


class Row(NamedTuple):
    """One template in the list; `locales` holds those that are complete."""

    key: str
    version: int
    metric: str
    locked: bool
    locales: tuple[str, ...]
    name: str


def list_templates() -> list[Row]:
    """List the shipped templates, those with a locked instrument first."""
    words = files.shipped_words()
    rows = []
    for template in files.shipped().values():
        offered = tuple(tag for tag, report in completeness(template, words).items() if report.complete)
        name = template.name[template.locales[0]]
        rows.append(
            Row(template.key, template.version, template.metric or "", template.locked, offered, name)
        )
    return sorted(rows, key=lambda row: (not row.locked, row.key))


def show_template(key: str, locale: str = "en", subject: str = "Example Telecom") -> str:
    """Preview a template as text in one of its locales; NotFound for an unknown key, BadInput for a locale."""
    template = files.template(key)
    if locale not in template.locales:
        known = ", ".join(template.locales)
        raise BadInput(f"The template {key} does not speak {locale!r}; it speaks {known}.", "unknown_locale")
    survey = localise(template, subject, [locale])
    head = f"{template.name[locale]}  [{key}, version {template.version}, {survey['locale']}]"
    said_by = template.questions[0].wording[locale]
    foot = [survey["footnote"], f"({said_by.status}: {said_by.source})"]
    parts = [head, *(_preview(question) for question in survey["questions"]), *_words(survey), *foot]
    return "\n\n".join(part for part in parts if part)


def lint(paths: Iterable[Path]) -> list[Problem]:
    """List what is wrong in template files; a file that cannot be read is a problem like any other."""
    return [problem for path in paths for problem in _lint_file(path)]


def _lint_file(path: Path) -> list[Problem]:
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
    except OSError as error:
        return [Problem(str(path), 1, 1, "", "unreadable", f"cannot be read: {error.strerror}")]
    return files.lint(text, str(path))


def _preview(question: Question) -> str:
    lines = [question["text"] + (" *" if question["required"] else "")]
    if "min" in question:
        scale = " ".join(str(point) for point in range(question["min"], question["max"] + 1))
        lines.append("  " + "  ".join([question.get("low", ""), scale, question.get("high", "")]).strip())
    lines += [f"  ( ) {label}" for label in question.get("labels", [])]
    lines += [f"  ( ) {option['label']}" for option in question.get("options", [])]
    lines += [f"  {_when(prompt)}: {prompt['text']}" for prompt in question.get("prompts", [])]
    return "\n".join(lines)


def _when(prompt: Prompt) -> str:
    """A condition in short: `0..6`, or `no, partly`."""
    return ", ".join(prompt["in"]) if "in" in prompt else f"{prompt['from']}..{prompt['to']}"


def _words(survey: Localised) -> list[str]:
    words = survey["words"]
    return [f"[{words['send']}]  [{words['close']}]  {words['thanks']} {words['thanks_more']}"]
