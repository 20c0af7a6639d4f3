"""Journey files: read as they are meant, every mistake named with line, column, field and code."""

from __future__ import annotations

import pytest

from collector.journeys import files
from collector.journeys.checks import Known
from collector.yaml_marks import FileError, Problem

HEAD = """\
journeys:
  - key: j
    name: Journey
    definition: d
    customer_goal: c
    business_goal: b
    phases:
      - name: P
        steps:
"""


def _problems(text: str | bytes, known: Known = files.NOTHING) -> list[tuple[int, str, str]]:
    with pytest.raises(FileError) as refusal:
        files.load(text, "j.yaml", known)
    return [(problem.line, problem.field, problem.code) for problem in refusal.value.problems]


def _codes(warnings: list[Problem]) -> list[str]:
    return [warning.code for warning in warnings]


def test_it_reads_the_smallest_file_and_leaves_surveys_alone(smallest_text: str) -> None:
    file = files.load(smallest_text, "smallest.yaml")
    (journey,) = file.document.journeys
    assert [phase.key for phase in journey.phases] == ["order", "installation"]
    assert journey.touchpoints == ("order-confirmed", "installed")
    assert file.warnings() == []


def test_a_mistake_has_its_line_and_column(smallest_text: str) -> None:
    broken = smallest_text.replace("owners: [operations]", "owners: [opertions]")
    with pytest.raises(FileError) as refusal:
        files.load(broken, "first.yaml")
    (problem,) = refusal.value.problems
    assert str(problem) == (
        "first.yaml:6:77: touchpoints.1.owners.0: there is no stakeholder with the key opertions"
    )


def test_unknown_fields_are_refused_by_name(smallest_text: str) -> None:
    broken = smallest_text.replace("moment_of_truth: true", "moment_of_trut: true")
    assert _problems(broken) == [(19, "journeys.0.phases.1.steps.0.moment_of_trut", "unknown_field")]
    assert _problems("touchpoint: []") == [(1, "touchpoint", "unknown_field")]


def test_all_mistakes_are_named_at_once_in_the_files_order(smallest_text: str) -> None:
    broken = smallest_text.replace("channel: web", "channel: fax").replace("expectation: 1", "expectation: 5")
    assert [line for line, _, _ in _problems(broken)] == [5, 19]


def test_req_025_one_step_or_no_goal_is_refused() -> None:
    one = HEAD + "          - {key: s, name: S}\n"
    assert _problems(one) == [(7, "journeys.0.phases", "too_few_steps")]
    two = one + "          - {key: t, name: T}\n"
    assert files.load(two, "j.yaml").document.journeys[0].key == "j"
    assert _problems(two.replace("customer_goal: c", "customer_goal: ' '")) == [
        (5, "journeys.0.customer_goal", "invalid")
    ]


def test_a_file_may_build_on_what_the_workspace_has() -> None:
    text = HEAD + "          - {key: s, name: S, touchpoint: shop}\n          - {key: t, name: T}\n"
    assert _problems(text) == [(10, "journeys.0.phases.0.steps.0.touchpoint", "unknown_touchpoint")]
    assert files.load(text, "j.yaml", Known(touchpoints=frozenset({"shop"}))).document.journeys


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", (1, "", "not_a_journey_file")),
        ("- a", (1, "", "not_a_journey_file")),
        ("stakeholders: {a: 1}", (1, "stakeholders", "invalid")),
        ("stakeholders:\n  - {key: a, name: A}\n  - {key: a, name: B}", (3, "stakeholders.1.key", "duplicate_key")),
        ("stakeholders:\n  - {key: a, name: A, name: B}", (2, "stakeholders.0.name", "duplicate_key")),
        ("stakeholders:\n  - {key: A b, name: A}", (2, "stakeholders.0.key", "invalid")),
        ("stakeholders:\n  - {key: a}", (2, "stakeholders.0.name", "missing")),
        ("stakeholders:\n  - {key: a, name: 5}", (2, "stakeholders.0.name", "invalid")),
        ("touchpoints:\n  - {key: a, name: A}", (2, "touchpoints.0.channel", "missing")),
        ("touchpoints:\n  - {key: a, name: A, channel: web, systems: [x, x]}", (2, "touchpoints.0.systems", "invalid")),
        ("personas:\n  - {key: a, name: A, details: {shoe_size: x}}", (2, "personas.0.details.shoe_size.key", "invalid")),
        ("a: &x [1]\nb: *x", (1, "", "alias")),
        ("stakeholders: !!python/object:os.system []", (1, "", "tag")),
        (b"stakeholders: \xff", (1, "", "not_utf8")),
        ("stakeholders: \x00", (1, "", "control_character")),
        ("[" * 5000, (1, "", "too_deep")),
    ],
)  # fmt: skip
def test_it_refuses_with_line_field_and_code(text: str | bytes, problem: tuple[int, str, str]) -> None:
    assert _problems(text) == [problem]


CAMPAIGN = """\
touchpoints:
  - {key: mailing, name: Spring letter, channel: letter, stage: before, owners: []}
  - {key: reminder, name: Reminder, channel: email, stage: before}
"""
STEPS = (
    "          - {{key: s, name: {0}, touchpoint: {1}}}\n          - {{key: t, name: {2}, touchpoint: {3}}}\n"
)


def _journey_warnings(text: str) -> list[str]:
    ours = {"campaign", "single_interaction", "page_views", "internal_process"}
    return [code for code in _codes(files.load(text, "j.yaml").warnings()) if code in ours]


def test_req_027_bad_journeys_give_named_warnings() -> None:
    campaign = CAMPAIGN + HEAD + STEPS.format("Letter", "mailing", "Mail", "reminder")
    assert _journey_warnings(campaign) == ["campaign"]

    pages = "touchpoints:\n  - {key: home, name: Home page, channel: web}\n  - {key: price, name: Prices, channel: web}\n"
    clicks = pages + HEAD + STEPS.format("Visit", "home", "Click on prices", "price")
    assert _journey_warnings(clicks) == ["page_views"]

    single = "touchpoints:\n  - {key: call, name: Hotline, channel: phone}\n" + HEAD
    assert _journey_warnings(single + STEPS.format("Ring", "call", "Talk", "call")) == ["single_interaction"]

    internal = HEAD + "          - {key: s, name: Check stock, actor: company}\n"
    internal += "          - {key: t, name: Book, actor: company}\n"
    assert _journey_warnings(internal) == ["internal_process"]


def test_a_web_journey_is_no_row_of_page_views(smallest_text: str) -> None:
    text = smallest_text.replace("channel: in_person", "channel: web")
    assert _journey_warnings(text) == []


def test_lint_names_what_nobody_owns_and_no_journey_passes(smallest_text: str) -> None:
    lines = smallest_text.splitlines(keepends=True)
    lines.insert(6, "  - {key: fax, name: Fax, channel: letter}\n")
    warnings = files.load("".join(lines), "j.yaml").warnings()
    assert [(warning.line, warning.code) for warning in warnings] == [
        (7, "unowned_touchpoint"),
        (7, "unused_touchpoint"),
    ]
