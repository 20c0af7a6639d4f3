"""Every shipped instrument is whole, in five languages, and says what its source says."""

import re

import pytest

import survey_templates
from collector.communities import runs
from collector.instruments import files
from collector.instruments.composites import COMPOSITES
from collector.instruments.flow import check_answers
from collector.instruments.kinds import KINDS, MEASURES
from collector.instruments.localise import completeness, localise
from collector.instruments.template import SPARE_WORDS, WORDS
from collector.instruments.texts import said
from collector.kpis import METRICS
from collector.results import measures

FILES = survey_templates.files()
LOCALES = ["en", "de", "fr", "es", "ar"]
TEMPLATES = list(files.shipped().values())
SCORED = [template for template in TEMPLATES if template.metric]
FOR_RUNS = [template for template in TEMPLATES if not template.metric]
SHARED = files.shipped_words()

# The wordings read in their published sources; the test fails on an edit that would change a number's meaning.
PUBLISHED = {
    ("nps", "en"): "How likely is it that you would recommend {subject} to a friend or colleague?",
    (
        "nps",
        "de",
    ): "Wie wahrscheinlich ist es, dass Sie {subject} einem Freund oder Kollegen weiterempfehlen?",
    ("nps", "fr"): "Quelle est la probabilité que vous recommandiez {subject} à un ami ou un collègue\u00a0?",
    ("nps", "es"): "¿Qué tan probable es que recomiende {subject} a un amigo o colega?",
    ("nps", "ar"): "ما مدى احتمالية أن توصي بـ{subject} لصديق أو زميل؟",
    ("csat", "en"): "How satisfied were you with {subject}?",
    ("csat", "de"): "Wie zufrieden waren Sie mit {subject}?",
    ("csat", "fr"): "Dans quelle mesure êtes-vous satisfait(e) de {subject}\u00a0?",
    ("csat", "es"): "¿Qué tan satisfecho/a estuvo con {subject}?",
    ("csat", "ar"): "ما مدى رضاك عن {subject}؟",
    ("ces", "en"): "{subject} made it easy for me to handle my issue.",
    ("ces", "de"): "{subject} hat es mir leicht gemacht, mein Anliegen zu erledigen.",
}


def _key(value: object) -> str:
    return str(getattr(value, "key", getattr(value, "name", value)))


@pytest.mark.parametrize("path", FILES, ids=_key)
def test_it_lints_clean(path):
    assert [str(problem) for problem in files.lint(path.read_bytes(), path.name)] == []


@pytest.mark.parametrize("path", FILES, ids=_key)
def test_the_key_is_the_name_of_the_file(path):
    assert files.load(path.read_bytes(), path.name).key == path.stem


def test_the_metrics_of_the_contract_each_have_their_template():
    templates = files.shipped()
    scored = {key: template for key, template in templates.items() if template.metric}
    found = {template.metric: key for key, template in scored.items()}
    assert set(found) == set(METRICS) == set(MEASURES)
    assert len(found) == len(scored), "two templates ask different questions: they share no metric"


def test_each_composite_has_its_template():
    assert sorted(key for template in TEMPLATES for key in template.composites) == sorted(COMPOSITES)


@pytest.mark.parametrize("template", TEMPLATES, ids=_key)
def test_it_is_complete_in_five_languages(template):
    report = completeness(template, SHARED)
    assert list(report) == LOCALES
    assert [locale for locale in LOCALES if not report[locale].complete] == []


@pytest.mark.parametrize("template", SCORED, ids=_key)
def test_it_asks_for_a_score_first_and_a_comment_last(template):
    first, last = template.questions[0], template.questions[-1]
    assert (first.id, first.required) == ("score", True)
    assert (last.id, last.kind, last.required) == ("comment", "comment", False)
    assert KINDS[first.kind].scale is not None


@pytest.mark.parametrize("template", FOR_RUNS, ids=_key)
def test_what_only_runs_ask_measures_something_and_ends_with_a_comment(template):
    if template.key == "open":  # one question alone, in people's own words
        assert [question.kind for question in template.questions] == ["comment"]
        assert (measures.of_template(template), runs.is_open(template)) == ({}, True)
        return
    assert measures.of_template(template)
    assert not runs.is_open(template)
    assert (template.questions[-1].id, template.questions[-1].required) == ("comment", False)


@pytest.mark.parametrize("template", SCORED, ids=_key)
def test_low_scores_are_asked_for_the_reason_in_every_language(template):
    for locale in LOCALES:
        comment = localise(template, "X", [locale], SHARED)["questions"][-1]
        assert comment["prompts"]
        assert comment["text"] not in [prompt["text"] for prompt in comment["prompts"]]


@pytest.mark.parametrize("template", TEMPLATES, ids=_key)
def test_no_language_is_a_copy_of_another(template):
    questions = [localise(template, "X", [locale], SHARED)["questions"][0]["text"] for locale in LOCALES]
    assert len(set(questions)) == len(LOCALES)


@pytest.mark.parametrize("template", TEMPLATES, ids=_key)
def test_arabic_is_arabic(template):
    for slot, text in said(template, "ar", SHARED).items():
        assert re.search("[\u0600-\u06ff]", text), slot


@pytest.mark.parametrize("template", TEMPLATES, ids=_key)
def test_bands_with_a_prompt_do_not_overlap(template):
    conditions = template.questions[-1].prompts.values()
    asked = [
        answer
        for band in conditions
        for answer in band.get("in", range(band.get("from", 0), band.get("to", -1) + 1))
    ]
    assert len(asked) == len(set(asked))


def test_score_and_comment_are_a_complete_response():
    for template in SCORED:
        survey = localise(template, "X", ["en"], SHARED)
        score = "yes" if template.questions[0].kind == "goal" else 1
        answers = {"score": score, "comment": "Quick!"}
        assert check_answers(survey["questions"], answers, complete=True) == {}


@pytest.mark.parametrize(("key", "locale"), PUBLISHED, ids=str)
def test_published_wordings_stay_word_for_word(key, locale):
    question = files.template(key).score
    assert question is not None
    assert question.wording[locale].text == PUBLISHED[key, locale]


def test_standard_instruments_are_locked():
    assert [template.key for template in TEMPLATES if template.locked] == [
        "ces",
        "csat",
        "kano",
        "nps",
        "seq",
        "sus",
        "umux_lite",
    ]


def test_every_translation_says_whether_it_was_checked():
    for template in TEMPLATES:
        for question in template.questions:
            for locale, wording in question.wording.items():
                assert wording.status != "own" or locale == "en"


def test_the_nps_footnote_names_the_owners_of_the_marks():
    template = files.template("nps")
    for locale in LOCALES:
        footnote = localise(template, "X", [locale], SHARED)["footnote"]
        assert footnote is not None
        for name in (
            "Net Promoter®",
            "NPS®",
            "Net Promoter Score℠",
            "Bain & Company",
            "NICE Satmetrix",
            "Fred Reichheld",
        ):
            assert name in footnote
    assert [other.key for other in TEMPLATES if other.footnote] == ["nps"]


def test_no_file_says_nps_score():
    for path in FILES:
        assert not re.search(r"NPS.?\s+Score", path.read_text("utf-8"), re.IGNORECASE)


def test_no_file_holds_a_smiley():
    for path in [*FILES, survey_templates.WORDS]:
        assert not re.search("[\u2600-\u27bf\U0001f000-\U0001faff]|[:;]-?[)(]", path.read_text("utf-8"))


def test_the_widget_speaks_the_same_words_in_every_language():
    assert list(SHARED) == LOCALES
    for words in SHARED.values():
        assert sorted(words) == sorted((*WORDS, *SPARE_WORDS))
        assert sorted(re.findall(r"\{\w+\}", words["of"])) == ["{max}", "{value}"]


def test_french_marks_keep_to_their_word():
    for path in [*FILES, survey_templates.WORDS]:
        assert " ?" not in path.read_text("utf-8")
