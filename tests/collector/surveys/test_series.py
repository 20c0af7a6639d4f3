"""A metric series goes on while its question stays the same, and breaks by name when it does not."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.instruments import files
from collector.instruments.facets import breaks, fingerprint
from collector.instruments.schemas import as_json, from_json

NPS = files.template("nps")
GOAL = files.template("goal")
CSAT = files.template("csat")
SHIPPED = list(files.shipped().values())


def _reworded(template, locale="en", **changes):
    """The template with other words on its score question in one locale."""
    score, *others = template.questions
    wording = {**score.wording, locale: replace(score.wording[locale], **changes)}
    return replace(template, questions=(replace(score, wording=wording), *others))


@st.composite
def _shuffled(draw, value):
    """The same JSON with every mapping's keys in another order."""
    if isinstance(value, dict):
        keys = draw(st.permutations(sorted(value)))
        return {key: draw(_shuffled(value[key])) for key in keys}
    return [draw(_shuffled(item)) for item in value] if isinstance(value, list) else value


CHANGES = {
    "wording": _reworded(NPS, text="How likely are you to recommend {subject}?"),
    "wording in one language": _reworded(NPS, "ar", text="هل توصي بـ{subject}؟"),
    "labels": _reworded(NPS, high="Very likely"),
    "direction": replace(NPS, direction="lower_is_better"),
    "layout": replace(NPS, layout="vertical"),
    "kind and scale": replace(NPS, questions=CSAT.questions),
    "locales": replace(
        NPS,
        questions=tuple(
            replace(q, wording={tag: text for tag, text in q.wording.items() if tag != "ar"})
            for q in NPS.questions
        ),
    ),
}
NAMES = {
    "wording": ["wording"],
    "wording in one language": ["wording"],
    "labels": ["labels"],
    "direction": ["direction"],
    "layout": ["layout"],
    "kind and scale": ["kind", "scale", "labels", "wording"],
    "locales": ["locales"],
}


def test_the_same_template_is_the_same_series():
    assert breaks(NPS, NPS) == []
    assert fingerprint(NPS) == fingerprint(from_json(as_json(NPS)))
    assert len(fingerprint(NPS)) == 64


def test_every_shipped_template_has_its_own_series():
    assert len({fingerprint(template) for template in SHIPPED}) == len(SHIPPED)


def test_fingerprints_do_not_move_between_releases():
    """A new fingerprint here would start a new series for every survey in the field."""
    assert {template.key: fingerprint(template)[:12] for template in SHIPPED} == {
        "ces": "947696a7f26d",
        "clear": "c0520891ee0c",
        "csat": "ba4b75812fad",
        "emotion": "698752bed340",
        "exit": "515b7e4642b2",
        "first_click": "34f9b5f93b4b",
        "fcr": "5148dad03836",
        "goal": "f02da8864ea3",
        "kano": "4f0a51c7792b",
        "nps": "b316396f5f95",
        "preference": "6a75f1a63102",
        "open": "6556306c5a6f",
        "seq": "fe5d94b68715",
        "stars": "456eb5eab8ba",
        "sus": "94bceadbe9e4",
        "thumbs": "57ba9ca55e06",
        "umux_lite": "dca898fc49f0",
    }


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_question_starts_a_new_series_and_is_named(change):
    assert fingerprint(CHANGES[change]) != fingerprint(NPS)
    assert breaks(NPS, CHANGES[change]) == NAMES[change]
    assert breaks(CHANGES[change], NPS) == NAMES[change]


def test_the_order_of_options_and_labels_is_part_of_the_number():
    score, *others = GOAL.questions
    turned = replace(GOAL, questions=(replace(score, options=("no", "partly", "yes")), *others))
    assert breaks(GOAL, turned) == ["labels"]
    labels = tuple(reversed(CSAT.questions[0].wording["en"].labels))
    assert breaks(CSAT, _reworded(CSAT, labels=labels)) == ["labels"]


def test_asking_about_something_else_is_another_number():
    assert fingerprint(NPS, "Example Telecom") != fingerprint(NPS, "our app")
    assert breaks(NPS, NPS, "Example Telecom", "our app") == ["subject"]
    assert (
        breaks(NPS, NPS, {"en": "our app", "de": "unsere App"}, {"de": "unsere App", "en": "our app"}) == []
    )


def test_a_subject_that_the_question_does_not_name_changes_nothing():
    assert fingerprint(GOAL, "Example Telecom") == fingerprint(GOAL, "our app")
    assert breaks(GOAL, GOAL, "Example Telecom", "our app") == []


def test_what_the_number_does_not_depend_on_breaks_nothing():
    other = replace(
        _reworded(NPS, source="Somewhere else", status="back_translated"),
        version=7,
        name={"en": "Another name"},
        about={},
        footnote={},
        words={"en": {"send": "Go"}},
        locked=False,
    )
    other = replace(other, questions=(other.questions[0],))
    assert fingerprint(other) == fingerprint(NPS)
    assert breaks(NPS, other) == []


def test_what_nobody_sees_breaks_nothing():
    high = NPS.questions[0].wording["de"].high
    decomposed = high.replace("ä", "a\u0308").replace(" ", "\u00a0 ")
    assert decomposed != high
    same = _reworded(NPS, "de", high=decomposed)
    assert breaks(NPS, same) == []
    assert fingerprint(same) == fingerprint(NPS)


def test_a_template_without_a_score_has_a_fingerprint_too():
    bare = replace(NPS, metric=None, questions=NPS.questions[1:])
    assert len(fingerprint(bare)) == 64
    assert breaks(NPS, bare, "X", "X") == ["kind", "scale", "locales", "subject"]


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_key_order_and_comments_do_not_matter(data):
    template = data.draw(st.sampled_from(SHIPPED))
    tree = data.draw(_shuffled(as_json(template)))
    text = "# a comment\n" + json.dumps(tree)
    assert fingerprint(files.load(text, "shuffled.yaml")) == fingerprint(template)


COUNTED = [template for template in SHIPPED if template.key != "open"]
"""An open question makes no figure, so none of it has to stay comparable."""


@given(st.sampled_from(COUNTED), st.sampled_from(["en", "de", "fr", "es", "ar"]), st.text("abc", min_size=1))
def test_any_other_wording_is_another_series(template, locale, text):
    other = _reworded(template, locale, text=text)
    assert fingerprint(other) != fingerprint(template)
    assert "wording" in breaks(template, other)


@given(st.sampled_from(SHIPPED), st.sampled_from(SHIPPED))
def test_fingerprint_and_breaks_agree(one, other):
    assert (fingerprint(one) == fingerprint(other)) is (breaks(one, other) == [])
