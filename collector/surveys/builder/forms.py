"""The builder's form: what it shows of a survey, and what it says when it comes back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import yaml
from marshmallow import ValidationError

from collector import values
from collector.bodies import invalid
from collector.contact import SurveyPolicySchema
from collector.errors import BadInput
from collector.instruments import LONGEST_SUBJECT, Subject, Template
from collector.surveys.builder import texts
from collector.surveys.builder.drafts import Decision, Draft
from collector.yaml_marks import FileError
from collector.yaml_marks import load as load_yaml

TEXT = "text."
SUBJECT = "subject."
FIELDS = ("subject", "from", "to", "quota", "policy")


def shown(draft: Draft) -> dict[str, str]:
    """The settings as the form's fields hold them."""
    policy = yaml.safe_dump(dict(draft.policy), sort_keys=False, allow_unicode=True) if draft.policy else ""
    return {
        **_subject_shown(draft),
        "from": _local(draft.starts_at),
        "to": _local(draft.ends_at),
        "quota": str(draft.quota or ""),
        "policy": policy,
    }


def as_typed(form: Mapping[str, str]) -> dict[str, str]:
    """The settings as they were typed, to be shown again beside what is wrong with them."""
    typed = {name: text for name, text in form.items() if name in FIELDS or name.startswith(SUBJECT)}
    return dict.fromkeys(FIELDS, "") | typed


def read(form: Mapping[str, str], before: Draft, actor: str) -> Draft:
    """The survey as the form would have it; raises 422 naming each field that does not fit."""
    wrong: dict[str, list[str]] = {}
    starts_at = _moment(form, "from", before.starts_at, wrong)
    ends_at = _moment(form, "to", before.ends_at, wrong)
    if starts_at and ends_at and starts_at >= ends_at:
        wrong["to"] = ["must lie behind `from`"]
    quota, policy = _quota(form, before, wrong), _policy(form, before, wrong)
    subject = _subject(form, before.subject, wrong)
    template = _template(form, before.template, actor, wrong)
    if wrong:
        raise BadInput("Some fields do not fit.", fields=wrong)
    return Draft(subject, template, starts_at, ends_at, quota, policy)


def decision(form: Mapping[str, str]) -> Decision:
    """What was decided about the series, if anything; a mark without a reason is none."""
    chosen = form.get("decision")
    reason = form.get("reason", "").strip()[:400] if chosen == "same_meaning" else ""
    return Decision(chosen == "new_series", reason)


def carried(form: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The form's fields, to be carried over the page that asks about the series."""
    known = {"csrf", "locale", "base", "origin", *FIELDS}
    return [(name, value) for name, value in form if name in known or name.startswith((TEXT, SUBJECT))]


def carried_texts(draft: Draft, locale: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Texts that came in a file, as if they had been typed."""
    here = {name: text for name, _, text in texts.worded(draft.template, locale)}
    return [(TEXT + name, here[name]) for name in names]


def _subject_shown(draft: Draft) -> dict[str, str]:
    """The text for all languages, or one for each."""
    if isinstance(draft.subject, str):
        return {"subject": draft.subject}
    return {"subject": "", **{SUBJECT + tag: text for tag, text in draft.subject.items()}}


def subject_of(form: Mapping[str, str], before: Subject) -> Subject:
    """One text for all languages; or, where any language has its own, that of each: the rest read the one for all."""
    given = {name: text.strip() for name, text in form.items() if name.startswith(SUBJECT)}
    one = form.get("subject", before if isinstance(before, str) else "").strip()
    if "subject" not in form and not given:
        return before
    if not any(given.values()):
        return one
    each = {name.removeprefix(SUBJECT): text or one for name, text in given.items()}
    return {tag: text for tag, text in each.items() if text}


def _subject(form: Mapping[str, str], before: Subject, wrong: dict[str, list[str]]) -> Subject:
    given = {name: text.strip() for name, text in form.items() if name.startswith(("subject", SUBJECT))}
    for name, text in given.items():
        if len(text) > LONGEST_SUBJECT:
            wrong[name] = [f"must be at most {LONGEST_SUBJECT} characters"]
    subject = subject_of(form, before)
    for tag in subject if isinstance(subject, dict) else ():
        texts.check_locale(tag)
    return subject


def _template(
    form: Mapping[str, str], template: Template, actor: str, wrong: dict[str, list[str]]
) -> Template:
    locale = form.get("locale") or template.locales[0]
    given = {name.removeprefix(TEXT): text for name, text in form.items() if name.startswith(TEXT)}
    typed = {name: " ".join(text.split()) for name, text in given.items()}
    try:
        texts.check_locale(locale)
        if not given:
            return template
        return texts.reword(template, locale, typed, actor, form.get("origin", ""))
    except BadInput as error:
        wrong.update(error.fields or {"text": [error.detail]})  # type: ignore[arg-type]
        return template


def _moment(
    form: Mapping[str, str], name: str, before: datetime | None, wrong: dict[str, list[str]]
) -> datetime | None:
    """A local-looking time of the form, which is UTC; seconds that the form cannot show are kept."""
    text = form.get(name)
    if text is None or text == _local(before):
        return before
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        moment = None
    if moment is None or not values.in_calendar(moment):
        wrong[name] = ["must be a day and a time"]
        return before
    return moment


def _quota(form: Mapping[str, str], before: Draft, wrong: dict[str, list[str]]) -> int | None:
    text = form.get("quota")
    if text is None:
        return before.quota
    if not text.strip():
        return None
    number = values.whole(text)
    if number is None or not 1 <= number <= values.LARGEST_COUNT:
        wrong["quota"] = ["must be a whole number, 1 or more"]
        return before.quota
    return number


def _policy(form: Mapping[str, str], before: Draft, wrong: dict[str, list[str]]) -> Mapping[str, Any]:
    text = form.get("policy")
    if text is None:
        return before.policy
    if not text.strip():
        return {}
    try:
        value = load_yaml(text, "policy").value
    except FileError as error:
        wrong["policy"] = [str(problem) for problem in error.problems]
        return before.policy
    if not isinstance(value, dict):
        wrong["policy"] = ["must be a mapping, such as `this_survey: {after_answer: 180}`"]
        return before.policy
    try:
        SurveyPolicySchema().load(value)
    except ValidationError as error:
        wrong.update({f"policy.{name}": list(said) for name, said in invalid(error).fields.items()})
        return before.policy
    return value


def _local(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if moment else ""
