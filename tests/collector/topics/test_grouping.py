"""Comments that say nearly the same stand together; others on the same subject do not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from near_duplicates import labelled, precision_and_recall

from collector.topics.grouping import Text, group

ORIGINALS = yaml.safe_load((Path(__file__).parent / "comments.yaml").read_text())
LOCALES = {text: locale for locale, texts in ORIGINALS.items() for text in texts}


def together(*comments: str, locale: str | None = "de") -> bool:
    return len(set(group([Text(comment, locale) for comment in comments]))) == 1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("knows_language", [True, False])
def test_req_133_varied_comments_are_found_and_others_on_the_subject_kept_apart(
    seed: int, knows_language: bool
) -> None:
    originals = [text for texts in ORIGINALS.values() for text in texts]
    comments = labelled(originals, varied=25, seed=seed)
    locales = [locale for locale, texts in ORIGINALS.items() for _ in texts]
    texts = [Text(text, locales[number] if knows_language else None) for text, number in comments]
    precision, recall = precision_and_recall(group(texts), [number for _text, number in comments])
    assert precision >= 0.95
    assert recall >= 0.9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Der Techniker kam nicht", "der techniker kam nicht!!"),
        ("Der Techniker kam nicht.", "Guten Tag, der Techniker kam nicht. Mit freundlichen Grüßen"),
        ("Rechnung ist falsch", "Die Rechnung ist falsch"),
        ("Der Router verliert die Verbindung", "Die Verbindung verliert der Router"),
        ("Der Router verliert ständig die Verbindung", "Der Ruoter verliert stänidg die Verbindung"),
    ],
)
def test_these_say_the_same(one: str, other: str) -> None:
    assert together(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Der Techniker kam pünktlich", "Der Techniker kam nicht pünktlich"),
        ("Die Rechnung ist falsch", "Die Rechnung ist übersichtlich"),
        ("Hallo", "Danke"),
        ("👍", "👎"),
    ],
)
def test_these_do_not(one: str, other: str) -> None:
    assert not together(one, other)


def test_whoever_came_first_leads() -> None:
    said = ["Router kaputt", "Rechnung falsch", "router kaputt", "Rechnung falsch!"]
    assert group([Text(each, "de") for each in said]) == [0, 1, 0, 1]


def test_nothing_is_in_no_group() -> None:
    assert group([]) == []


def test_a_word_that_all_share_does_not_make_the_work_grow_with_the_square() -> None:
    said = [Text(f"router {number:x} {number * 7919:x} {number * 104729:x}", "en") for number in range(3000)]
    assert len(set(group(said))) > 2900
