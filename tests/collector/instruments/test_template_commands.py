"""What `afterword templates list|show|lint` says."""

import pytest

import survey_templates
from collector.errors import BadInput, NotFound
from collector.instruments.commands import lint, list_templates, show_template


def test_it_lists_the_locked_instruments_first():
    rows = list_templates()
    assert [row.key for row in rows[:6]] == ["ces", "csat", "kano", "nps", "seq", "sus"]
    assert len(rows) == len(survey_templates.files())
    nps = rows[3]
    assert (nps.version, nps.metric, nps.locked, nps.name) == (1, "nps", True, "Recommendation (NPS®)")
    assert nps.locales == ("en", "de", "fr", "es", "ar")


def test_it_shows_a_template_as_the_customer_reads_it():
    assert show_template("nps", "en").splitlines()[:9] == [
        "Recommendation (NPS®)  [nps, version 1, en]",
        "",
        "How likely is it that you would recommend Example Telecom to a friend or colleague? *",
        "  Not at all likely  0 1 2 3 4 5 6 7 8 9 10  Extremely likely",
        "",
        "Would you like to tell us more?",
        "  0..6: What went wrong?",
        "  7..8: What was missing?",
        "  9..10: What did you like best?",
    ]


def test_it_shows_options_labels_and_the_source():
    text = show_template("exit", "de")
    assert "  ( ) Der Preis" in text
    assert "  partly, no: Was haben Sie gesucht?" in text
    assert text.endswith("(back_translation_pending: Own translation)")
    assert "  ( ) Sehr zufrieden" in show_template("csat", "de")
    assert "  1 2 3 4 5" in show_template("stars", "ar").splitlines()


@pytest.mark.parametrize("row", list_templates(), ids=lambda row: row.key)
def test_it_shows_every_template_in_every_locale(row):
    for locale in row.locales:
        assert f"[{row.key}, version 1, {locale}]" in show_template(row.key, locale)


def test_it_says_which_templates_and_locales_there_are():
    with pytest.raises(NotFound, match="there are ces"):
        show_template("npc")
    with pytest.raises(BadInput, match="it speaks en, de, fr, es, ar"):
        show_template("nps", "it")


def test_the_shipped_files_lint_clean():
    assert lint(survey_templates.files()) == []


def test_it_lints_several_files_and_names_each(tmp_path):
    broken, binary = tmp_path / "broken.yaml", tmp_path / "binary.yaml"
    broken.write_text("key: own\nkind: nps\n", "utf-8")
    binary.write_bytes(b"key: \xff\xfe")
    problems = lint([broken, binary, tmp_path / "missing.yaml", tmp_path])
    assert {(problem.file, problem.code) for problem in problems} == {
        (str(broken), "missing"),
        (str(broken), "unknown_field"),
        (str(binary), "not_utf8"),
        (str(tmp_path / "missing.yaml"), "unreadable"),
        (str(tmp_path), "unreadable"),
    }
    assert str(problems[-1]).startswith(f"{tmp_path}:1:1: cannot be read: ")
