"""A workspace brings its own templates as files; they are checked, kept as they came, and asked like the shipped ones."""

from __future__ import annotations

import io
from typing import Any

import pytest

TEMPLATE = """\
# our own question
key: parcel
version: 1
metric: csat
locales: [en]
name: {en: Parcel}
questions:
  - id: score
    kind: csat
    required: true
    min: 1
    max: 5
    wording:
      en:
        text: How was the parcel?
        labels: [Bad, Poor, Fair, Good, Great]
        source: Own wording
        status: own
"""


def send(builder: Any, text: str, name: str = "parcel.yaml") -> Any:
    return builder.post("/surveys/templates", file=(io.BytesIO(text.encode()), name))


def test_an_own_template_is_asked_like_a_shipped_one(builder: Any, trigger: Any, client: Any) -> None:
    assert send(builder, TEMPLATE).status_code == 303
    assert "your own" in builder.get("/surveys").text
    builder.post("/surveys", template="parcel", touchpoint="unasked", key="parcel-csat")
    builder.post("/surveys/parcel-csat/state", state="published")
    token = trigger(touchpoint="unasked", journey=None)["invitation"]["token"]
    asked = client.get(f"/w/v1/survey?token={token}").json
    assert asked["questions"][0]["text"] == "How was the parcel?"


def test_the_file_comes_back_as_it_went_in(builder: Any) -> None:
    send(builder, TEMPLATE)
    assert builder.get("/surveys/templates/parcel.yaml").text == TEMPLATE
    assert "key: nps" in builder.get("/surveys/templates/nps.yaml").text


def test_the_api_and_files_know_it_too(builder: Any, client: Any, keys: Any) -> None:
    send(builder, TEMPLATE)
    survey = {"key": "parcel-csat", "template": "parcel", "touchpoint": "unasked"}
    answer = client.post("/api/v1/surveys/apply", json={"surveys": [survey]}, headers=keys["admin"])
    assert answer.json["created"] == ["parcel-csat"]


def test_wording_that_is_one_s_own_may_be_edited_under_guard(builder: Any) -> None:
    send(builder, TEMPLATE)
    builder.post("/surveys", template="parcel", touchpoint="unasked", key="parcel-csat")
    words = {"text.questions.score.text": "How was your parcel?"}
    assert builder.save("parcel-csat", **words).status_code == 303
    builder.post("/surveys/parcel-csat/state", state="published")
    asked = builder.save("parcel-csat", base=2, **{"text.questions.score.text": "How did the parcel arrive?"})
    assert (asked.status_code, "It means the same" in asked.text) == (409, True)


def test_a_mistake_is_named_with_its_line(builder: Any) -> None:
    answer = send(builder, TEMPLATE.replace("max: 5", "max: 7"))
    assert (answer.status_code, "parcel.yaml:12:" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key: parcel", "key: nps", "shipped template"),
        ("How was the parcel?", "How is the parcel?", "higher"),
    ],
)
def test_a_template_that_stands_is_not_replaced_by_the_way(
    builder: Any, old: str, new: str, said: str
) -> None:
    send(builder, TEMPLATE)
    answer = send(builder, TEMPLATE.replace(old, new))
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_higher_version_replaces_it_and_changes_no_survey(builder: Any) -> None:
    send(builder, TEMPLATE)
    builder.post("/surveys", template="parcel", touchpoint="unasked", key="parcel-csat")
    new = TEMPLATE.replace("version: 1", "version: 2").replace("was the", "is the")
    assert send(builder, new).status_code == 303
    assert "How was the parcel?" in builder.get("/surveys/parcel-csat").text


def test_it_may_be_taken_away_again(builder: Any) -> None:
    send(builder, TEMPLATE)
    assert builder.post("/surveys/templates/parcel/remove").status_code == 303
    assert builder.get("/surveys/templates/parcel.yaml").status_code == 404
    assert builder.post("/surveys/templates/nps/remove").status_code == 404


def test_one_workspace_does_not_see_another_s(builder: Any, session: Any, time: Any) -> None:
    from collector import errors, workspaces
    from collector.instruments import own

    send(builder, TEMPLATE)
    other = workspaces.create(session, "Other", time())
    with pytest.raises(errors.NotFound):
        own.find(session, other.workspace_id, "parcel")
