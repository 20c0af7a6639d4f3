"""A survey meets its customer in one language, whole, as the wire has it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.instruments import files
from collector.instruments.kinds import KINDS
from collector.instruments.localise import best_locale, completeness, localise

NPS = files.template("nps")
WORDS = files.shipped_words()


def _without(template, locale):
    """The template with the last question untranslated in one locale."""
    *others, last = template.questions
    wording = {tag: text for tag, text in last.wording.items() if tag != locale}
    return replace(template, questions=(*others, replace(last, wording=wording)))


def test_it_gives_the_questions_of_the_wire():
    survey = localise(NPS, "Example Telecom", ["de"])
    assert (survey["locale"], survey["dir"]) == ("de", "ltr")
    assert survey["questions"] == [
        {
            "id": "score",
            "kind": "nps",
            "text": "Wie wahrscheinlich ist es, dass Sie Example Telecom einem Freund oder Kollegen weiterempfehlen?",
            "required": True,
            "min": 0,
            "max": 10,
            "low": "gar nicht wahrscheinlich",
            "high": "äußerst wahrscheinlich",
        },
        {
            "id": "comment",
            "kind": "comment",
            "text": "Möchten Sie uns mehr sagen?",
            "required": False,
            "max_length": 2000,
            "prompts": [
                {"question": "score", "from": 0, "to": 6, "text": "Was ist schiefgelaufen?"},
                {"question": "score", "from": 7, "to": 8, "text": "Was hat gefehlt?"},
                {"question": "score", "from": 9, "to": 10, "text": "Was hat Ihnen am besten gefallen?"},
            ],
        },
    ]
    assert survey["words"]["send"] == "Senden"
    assert survey["words"]["of"] == "{value} von {max}"
    assert survey["footnote"] is not None


def test_each_kind_carries_the_fields_of_the_wire_and_no_others():
    base = {"id", "kind", "text", "required"}
    fields = {
        "nps": {"min", "max", "low", "high"},
        "csat": {"min", "max", "labels"},
        "ces": {"min", "max", "low", "high"},
        "likert5": {"min", "max", "low", "high"},
        "likert7": {"min", "max", "low", "high"},
        "stars": {"min", "max"},
        "thumbs": {"labels"},
        "emotion": {"min", "max", "labels"},
        "goal": {"options"},
        "single_choice": {"options"},
        "comment": {"max_length", "prompts"},
        "first_click": set(),
    }
    met = set()
    for template in files.shipped().values():
        for question in localise(template, "X", ["en"])["questions"]:
            met.add(question["kind"])
            assert set(question) - {"show_if"} == base | fields[question["kind"]]
    assert met == set(fields)


def test_several_choices_and_short_texts_carry_their_limits():
    text = """
key: more
version: 1
locales: [en]
name: {en: More}
questions:
  - id: places
    kind: multiple_choice
    required: false
    options: [shop, web, phone]
    max_choices: 2
    wording: {en: {text: Where?, options: {shop: Shop, web: Web, phone: Phone}, source: Own, status: own}}
  - id: town
    kind: short_text
    required: false
    wording: {en: {text: Which town?, source: Own, status: own}}
""".replace("text: Where?", 'text: "Where?"').replace("text: Which town?", 'text: "Which town?"')
    places, town = localise(files.load(text, "more.yaml"), "X", [])["questions"]
    assert (places["min_choices"], places["max_choices"]) == (0, 2)
    assert [option["key"] for option in places["options"]] == ["shop", "web", "phone"]
    assert town["max_length"] == 200
    assert KINDS["multiple_choice"].check(places, ["shop", "web", "phone"]) == "too_many"


@pytest.mark.parametrize(
    ("preferred", "locale"),
    [
        (["de"], "de"),
        (["de-AT"], "de"),
        (["DE-at"], "de"),
        (["AR"], "ar"),
        (["ar-EG"], "ar"),
        (["fr-CA", "de"], "fr"),
        (["it", "de-CH", "fr"], "de"),
        (["it"], "en"),
        ([], "en"),
        (["*"], "en"),
        (["", " es "], "es"),
        (["not a tag", "../../etc", "x" * 5000, "fr"], "fr"),
        (["de\x00"], "en"),
    ],
)
def test_it_finds_the_best_locale(preferred, locale):
    assert localise(NPS, "X", preferred)["locale"] == locale


def test_arabic_runs_from_right_to_left():
    survey = localise(NPS, "X", ["ar"])
    assert survey["dir"] == "rtl"
    assert survey["words"]["send"] == "إرسال"


def test_a_locale_with_a_gap_is_not_offered():
    assert best_locale(_without(NPS, "de"), ["de", "fr"], WORDS) == "fr"


def test_without_english_the_first_locale_serves_everyone_else():
    german = replace(NPS, locales=("de", "fr"))
    assert best_locale(german, ["it"], WORDS) == "de"


def test_a_regional_locale_uses_the_words_of_its_language():
    austrian = replace(
        NPS,
        locales=("de-AT",),
        name={"de-AT": "x"},
        footnote={},
        questions=tuple(replace(q, wording={"de-AT": q.wording["de"]}) for q in NPS.questions),
    )
    survey = localise(austrian, "X", ["de"])
    assert (survey["locale"], survey["words"]["send"]) == ("de-AT", "Senden")


def test_a_template_may_bring_its_own_words():
    own = replace(NPS, words={"de": {"send": "Ab die Post"}})
    words = localise(own, "X", ["de"])["words"]
    assert (words["send"], words["close"]) == ("Ab die Post", "Schließen")


def test_the_subject_may_differ_by_locale():
    subject = {"en": "our app", "de": "unsere App"}
    texts = [localise(NPS, subject, [tag])["questions"][0]["text"] for tag in ("en", "de", "fr")]
    assert "our app" in texts[0]
    assert "unsere App" in texts[1]
    assert "our app" in texts[2]


def test_no_placeholder_reaches_the_customer():
    for template in files.shipped().values():
        for locale in template.locales:
            survey = localise(template, "Example {Telecom}", [locale])
            assert "{subject}" not in str(survey["questions"]) + str(survey["footnote"])


def test_completeness_counts_every_text_and_names_the_missing():
    report = completeness(_without(NPS, "de"), WORDS)
    assert report["en"].needed == report["de"].needed == 19
    assert report["en"].complete
    assert report["de"].missing == (
        "questions.1.wording.de.text",
        "questions.1.wording.de.prompts.detractor",
        "questions.1.wording.de.prompts.passive",
        "questions.1.wording.de.prompts.promoter",
    )


@given(st.lists(st.text() | st.sampled_from(["de_AT", "zh-Hant-TW", "ar-", "-", "en-US-x-y"]), max_size=4))
def test_any_preference_gets_a_whole_survey(preferred):
    survey = localise(NPS, "X", preferred)
    assert survey["locale"] in NPS.locales
    assert survey["questions"][0]["text"]
