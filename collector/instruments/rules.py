"""What the parts of a template must have to do with each other, beyond the form that `template_schema.py` checks.

Each rule yields findings; a template with any of them is not taken. (A text missing in another locale than the first
is no such error: it only keeps that locale from being offered, see `template_texts.gaps`.)
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from collector.instruments.composites import COMPOSITES
from collector.instruments.kinds import KINDS, ON_A_PICTURE, Kind
from collector.instruments.question import Condition
from collector.instruments.template import Template, TemplateQuestion, Text, Wording
from collector.instruments.texts import Finding, faults, gaps

Path = tuple[str | int, ...]


def errors(template: Template, words: Mapping[str, Text]) -> list[Finding]:
    """List what makes the template unusable; `words` are the widget's shared ones."""
    questions = (_question(template, index) for index in range(len(template.questions)))
    whole = (_locales, _identities, _metric, _composites, _picture)
    structure = [*chain(*(rule(template) for rule in whole)), *chain(*questions)]
    return [*structure, *gaps(template, template.locales[0], words), *faults(template, words)]


def _locales(template: Template) -> Iterator[Finding]:
    yield from _duplicates(template.locales, ("locales",))
    named = [(("name",), template.name), (("about",), template.about), (("footnote",), template.footnote)]
    worded = [(("questions", i, "wording"), q.wording) for i, q in enumerate(template.questions)]
    for path, texts in [*named, (("words",), template.words), *worded]:
        for locale in texts:
            if locale not in template.locales:
                yield Finding((*path, locale), "unknown_locale", f"{locale} is not one of the locales")


def _identities(template: Template) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, question in enumerate(template.questions):
        if question.id in seen:
            yield Finding(("questions", index, "id"), "duplicate_id", f"the id {question.id} stands twice")
        seen.add(question.id)


def _metric(template: Template) -> Iterator[Finding]:
    """A metric names the question, so that two questions on one scale never share a figure."""
    counted = KINDS[template.score.kind].metrics if template.score else ()
    if template.metric not in (counted or (None,)):
        has = (
            f"the score question counts as {' or '.join(counted)}"
            if counted
            else "no score question counts as a metric"
        )
        yield Finding(("metric",), "metric", f"is {template.metric or 'not set'}, but {has}")


def _composites(template: Template) -> Iterator[Finding]:
    """The items of a composite are as many questions of the kind it takes as it takes."""
    known = {question.id: question for question in template.questions}
    for key, items in template.composites.items():
        wanted, here = COMPOSITES[key], ("composites", key)
        yield from _duplicates(items, here)
        if len(items) != wanted.items:
            yield Finding(here, "composite", f"must name {wanted.items} questions")
        for index, item in enumerate(items):
            if item not in known or known[item].kind != wanted.kind:
                yield Finding((*here, index), "composite", f"must name a question of the kind {wanted.kind}")
            elif wanted.options and known[item].options != wanted.options:
                says = f"must name a question with the options {', '.join(wanted.options)}"
                yield Finding((*here, index), "composite", says)


def _picture(template: Template) -> Iterator[Finding]:
    """A run holds one picture, which everybody is asked about."""
    on_it = [index for index, question in enumerate(template.questions) if question.kind == ON_A_PICTURE]
    for index in on_it:
        here = ("questions", index, "kind")
        if index != on_it[0]:
            yield Finding(here, "one_picture", f"only one question may be of the kind {ON_A_PICTURE}")
        if template.questions[index].show_if is not None:
            yield Finding(here, "one_picture", f"a question of the kind {ON_A_PICTURE} has no condition")


def _question(template: Template, index: int) -> Iterator[Finding]:
    question, path = template.questions[index], ("questions", index)
    kind, earlier = KINDS[question.kind], template.questions[:index]
    yield from _settings(question, kind, path)
    if question.show_if is not None:
        yield from _condition(question.show_if, earlier, (*path, "show_if"))
    for name, prompt in question.prompts.items():
        yield from _condition(prompt, earlier, (*path, "prompts", name))
    for locale, wording in question.wording.items():
        yield from _superfluous(question, kind, wording, (*path, "wording", locale))


def _settings(question: TemplateQuestion, kind: Kind, path: Path) -> Iterator[Finding]:
    """The scale is the kind's own, and nothing is set that the kind does not have."""
    ends = (kind.scale[0], kind.scale[-1]) if kind.scale and kind.ranged else (None, None)
    for name, given, wanted in zip(("min", "max"), (question.min, question.max), ends, strict=True):
        if given != wanted:
            says = f"must be {wanted}" if wanted is not None else "has no place"
            yield Finding((*path, name), "scale", f"{says} for the kind {kind.key}")
    yield from _options(question, kind, path)
    several = kind.key == "multiple_choice"
    for name, set_here, belongs in (
        ("min_choices", question.min_choices, several),
        ("max_choices", question.max_choices, several),
        ("max_length", question.max_length, kind.max_length is not None),
        ("prompts", question.prompts or None, kind.key == "comment"),
    ):
        if set_here is not None and not belongs:
            yield Finding((*path, name), "not_for_kind", f"has no place for the kind {kind.key}")


def _options(question: TemplateQuestion, kind: Kind, path: Path) -> Iterator[Finding]:
    here = (*path, "options")
    if kind.options is None and question.options:
        yield Finding(here, "not_for_kind", f"has no place for the kind {kind.key}")
    elif kind.options and question.options != kind.options:
        yield Finding(here, "options", f"must be {', '.join(kind.options)}")
    elif kind.options == () and not question.options:
        yield Finding(here, "missing", f"the kind {kind.key} needs options")
    yield from _duplicates(question.options, here)
    low, high = question.min_choices or 0, question.max_choices or len(question.options)
    if question.options and not low <= high <= len(question.options):
        yield Finding(
            (*path, "max_choices"), "choices", "must lie between min_choices and the number of options"
        )


def _condition(condition: Condition, earlier: Sequence[TemplateQuestion], path: Path) -> Iterator[Finding]:
    """A condition names an earlier question and a part of its answers that can occur."""
    asked = next((question for question in earlier if question.id == condition["question"]), None)
    if asked is None:
        yield Finding((*path, "question"), "unknown_question", "names no earlier question")
        return
    kind, band, keys = KINDS[asked.kind], ("from" in condition, "to" in condition), condition.get("in")
    if kind.options is not None:
        if keys is None or any(band):
            yield Finding(path, "condition", f"needs `in`: {asked.id} is answered by options")
        for key in set(keys or ()) - set(asked.options):
            yield Finding((*path, "in"), "unknown_option", f"{key} is no option of {asked.id}")
    elif kind.scale is None:
        yield Finding((*path, "question"), "condition", f"{asked.id} is answered by no number or option")
    elif keys is not None or not all(band):
        yield Finding(path, "condition", f"needs `from` and `to`: {asked.id} is answered by a number")
    elif not kind.scale[0] <= condition["from"] <= condition["to"] <= kind.scale[-1]:
        yield Finding(path, "condition", f"must lie within {kind.scale[0]} to {kind.scale[-1]}")


def _superfluous(question: TemplateQuestion, kind: Kind, wording: Wording, path: Path) -> Iterator[Finding]:
    """No locale says more than the question has."""
    ends = {"low": wording.low, "high": wording.high}
    for name in (name for name, text in ends.items() if text and not kind.endpoints):
        yield Finding((*path, name), "not_for_kind", f"has no place for the kind {kind.key}")
    if wording.labels and len(wording.labels) != kind.labels:
        yield Finding((*path, "labels"), "labels", f"must be {kind.labels} for the kind {kind.key}")
    for name, said, has in (
        ("options", wording.options, question.options),
        ("prompts", wording.prompts, tuple(question.prompts)),
    ):
        for key in said:
            if key not in has:
                yield Finding((*path, name, key), "unknown_key", f"the question has no {name} {key}")


def _duplicates(keys: Sequence[str], path: Path) -> Iterator[Finding]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield Finding((*path, index), "duplicate", f"{key} stands twice")
