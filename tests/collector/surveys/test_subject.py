"""What a question is about, in the customer's language: a text per language, or one for all."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import surveys
from collector.instruments import facets, shipped
from collector.surveys.builder.forms import subject_of
from collector.surveys.builder.sentences import sentences

CSAT = shipped()["csat"]
CALL = {"de": "dem Gespräch", "en": "our call"}


def entry(subject: Any, **more: Any) -> dict[str, Any]:
    return {"key": "call", "template": "csat", "touchpoint": "unasked", "subject": subject, **more}


@pytest.fixture
def apply(client: Any, company: Any, keys: Any) -> Any:
    headers = keys["admin"]

    def call(subject: Any, what: str = "apply", **more: Any) -> Any:
        body = {"surveys": [entry(subject, **more)]}
        return client.post(f"/api/v1/surveys/{what}", json=body, headers=headers)

    return call


def question(session: Session, company: Any, locale: str) -> tuple[str, str]:
    session.rollback()
    session.expire_all()
    survey = surveys.get(session, company.workspace_id, "call")
    published = surveys.version(session, company.workspace_id, "call", survey.version)
    session.rollback()
    said = surveys.localised(published, [locale])
    return said["locale"], said["questions"][0]["text"]


def test_each_customer_reads_one_language_whole(apply: Any, session: Session, company: Any) -> None:
    answer = apply(CALL)
    assert answer.status_code == 200
    assert question(session, company, "de") == ("de", "Wie zufrieden waren Sie mit dem Gespräch?")
    assert question(session, company, "de-AT")[0] == "de"
    assert question(session, company, "en") == ("en", "How satisfied were you with our call?")
    assert question(session, company, "fr")[0] == "en"


def test_the_languages_in_which_nobody_is_asked_are_named(apply: Any) -> None:
    assert apply(CALL, "plan").get_json()["without_subject"] == {"call": ["fr", "es", "ar"]}
    assert apply("Example Telecom").get_json()["without_subject"] == {}


def test_a_subject_in_no_language_of_the_template_is_refused(apply: Any) -> None:
    answer = apply({"it": "la chiamata"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "no_subject")


@pytest.mark.parametrize(
    "subject", [{}, {"de": ""}, {"not a tag": "x"}, {"de": 1}, 7, ["x"], {"de": "x" * 121}]
)
def test_what_is_no_subject_is_refused_by_name(apply: Any, subject: Any) -> None:
    answer = apply(subject)
    assert answer.status_code == 422
    assert any(field.startswith("surveys.0.subject") for field in answer.get_json()["fields"])


def test_the_history_says_what_each_version_was_about(apply: Any, client: Any, keys: Any) -> None:
    apply(CALL)
    headers = keys["admin"]
    told = client.get("/api/v1/surveys/call/history", headers=headers).get_json()
    assert told["versions"][0]["subject"] == CALL


def test_only_another_text_in_a_language_breaks_the_number() -> None:
    one = {"en": "our shop", "de": "our shop", "fr": "our shop", "es": "our shop", "ar": "our shop"}
    assert facets.breaks(CSAT, CSAT, "our shop", one) == []
    assert facets.breaks(CSAT, CSAT, CALL, {**CALL, "en": "the call"}) == ["subject"]
    assert facets.breaks(CSAT, CSAT, CALL, {**CALL, "fr": "notre appel"}) == ["locales"]


def test_the_builder_opens_in_the_reader_s_language(builder: Any) -> None:
    page = builder.client.get("/surveys/visit-csat", headers={"Accept": "text/html", "Accept-Language": "de"})
    assert 'name="locale" value="de"' in page.text
    assert "Wie zufrieden waren Sie mit" in page.text


def test_the_builder_takes_a_text_for_each_language(builder: Any, session: Session, company: Any) -> None:
    builder.post("/surveys", template="csat", touchpoint="unasked", subject="dem Gespräch", key="call")
    given = {"subject": "", "subject.de": "dem Gespräch", "subject.en": "our call", "subject.fr": ""}
    assert builder.save("call", **given).status_code == 303
    assert question(session, company, "en") == ("en", "How satisfied were you with our call?")
    page = builder.get("/surveys/call").text
    assert "Wie zufrieden waren Sie mit dem Gespräch?" in page
    assert page.count("data-lacks hidden") == 2


def test_a_language_left_empty_reads_the_text_for_all() -> None:
    given = {"subject": "Example Telecom", **{f"subject.{tag}": "" for tag in CSAT.locales}}
    given["subject.de"] = "dem Gespräch"
    found = sentences(CSAT, given, subject_of(given, ""))
    said = {each.tag: each.said for each in found}
    assert said["de"] == "Wie zufrieden waren Sie mit dem Gespräch?"
    assert said["en"] == "How satisfied were you with Example Telecom?"
    assert not any(each.lacks_subject for each in found)


def test_one_survey_is_shown_with_what_it_is_about(apply: Any, client: Any, keys: Any) -> None:
    apply(CALL)
    assert client.get("/api/v1/surveys/call", headers=keys["read"]).get_json()["subject"] == CALL


def test_a_language_is_complete_only_where_it_is_asked(builder: Any) -> None:
    """The badge beside a language and the sentence above it say the same."""
    builder.post("/surveys", template="csat", touchpoint="unasked", subject="", key="call")
    page = builder.get("/surveys/call").text
    languages = page[page.index('class="locales"') :]
    assert "data-lacks hidden" not in page
    assert "badge--good" not in languages[: languages.index("</ul>")]
    given = {"subject": "", "subject.de": "dem Gespräch"}
    page = builder.post("/surveys/call", locale="de", base=1, **given)
    assert page.status_code == 303
    page = builder.get("/surveys/call").text
    languages = page[page.index('class="locales"') :]
    assert page.count("data-lacks hidden") == 1
    assert languages[: languages.index("</ul>")].count("badge--good") == 1


def test_a_question_that_says_nothing_is_not_published(builder: Any, apply: Any) -> None:
    builder.post("/surveys", template="csat", touchpoint="unasked", subject="", key="call")
    refused = builder.post("/surveys/call/state", state="published")
    assert refused.status_code == 422
    assert apply("").get_json()["unchanged"] == ["call"]
    refused = apply("", state="published")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "no_subject")
