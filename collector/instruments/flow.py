"""What a survey shows after the answers so far, and which of those answers it refuses.

The widget runs the same rules (`tests/wire/flow.json` holds both to it): what it shows is what is accepted.
Answers are the whole of what is known of one response; of a response in parts, join the parts first.
"""

from collections.abc import Mapping, Sequence

from collector.instruments.kinds import KINDS
from collector.instruments.question import Answer, Condition, Question

Answers = Mapping[str, Answer]


def visible(questions: Sequence[Question], answers: Answers) -> list[str]:
    """List the ids of the questions shown; a condition holds only on a good answer to a shown question."""
    good: dict[str, Answer] = {}
    shown: list[str] = []
    for question in questions:
        if "show_if" in question and not holds(question["show_if"], good):
            continue
        shown.append(question["id"])
        if _is_good(question, answers):
            good[question["id"]] = answers[question["id"]]
    return shown


def prompt_for(questions: Sequence[Question], question_id: str, answers: Answers) -> str:
    """Return the text a question shows: its first prompt whose condition holds, else its own.

    KeyError where there is no such question.
    """
    by_id = {question["id"]: question for question in questions}
    good = {key: answers[key] for key in visible(questions, answers) if _is_good(by_id[key], answers)}
    question = by_id[question_id]
    fitting = (prompt["text"] for prompt in question.get("prompts", []) if holds(prompt, good))
    return next(fitting, question["text"])


def check_answers(questions: Sequence[Question], answers: Answers, complete: bool) -> dict[str, str]:
    """Return a refusal code for each question id that has one; nothing is `required` before `complete`."""
    by_id = {question["id"]: question for question in questions}
    shown = set(visible(questions, answers))
    codes = {key: _refusal(by_id.get(key), answer, shown) for key, answer in answers.items()}
    errors = {key: code for key, code in codes.items() if code}
    if complete:
        missing = [key for key in shown if by_id[key]["required"] and not _is_given(by_id[key], answers)]
        errors.update({key: "required" for key in missing if key not in errors})
    return errors


def holds(condition: Condition, good: Answers) -> bool:
    """Whether a condition holds, given only good answers to visible questions."""
    answer = good.get(condition["question"])
    if "in" in condition:
        chosen = answer if isinstance(answer, list) else [answer]
        return any(key in condition["in"] for key in chosen)
    return type(answer) is int and condition["from"] <= answer <= condition["to"]


def _refusal(question: Question | None, answer: Answer, shown: set[str]) -> str | None:
    if question is None:
        return "unknown_question"
    if question["id"] not in shown:
        return "not_asked"
    return KINDS[question["kind"]].check(question, answer)


def _is_good(question: Question, answers: Answers) -> bool:
    key = question["id"]
    return key in answers and KINDS[question["kind"]].check(question, answers[key]) is None


def _is_given(question: Question, answers: Answers) -> bool:
    key = question["id"]
    return key in answers and not KINDS[question["kind"]].is_empty(answers[key])
