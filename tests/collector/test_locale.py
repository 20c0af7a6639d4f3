"""The language that a reader gets: by RFC 4647's lookup and CLDR's likely subtags."""

from __future__ import annotations

import pytest

from collector.locale import best

OFFERED = ["en", "pt-BR", "zh-Hant", "zh-Hans", "es-419", "he", "nb", "sr-Latn", "de"]


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("pt", "pt-BR"), ("pt-PT", "pt-BR"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-Hant-TW", "zh-Hant"),
        ("zh-CN", "zh-Hans"), ("zh", "zh-Hans"), ("zh-SG", "zh-Hans"), ("es-MX", "es-419"), ("es", "es-419"),
        ("iw", "he"), ("no", "nb"), ("sr-Latn-RS", "sr-Latn"), ("de-AT", "de"), ("DE-at", "de"), ("de_AT", "de"),
        ("nl", "en"), ("*", "en"), ("", "en"), ("x", "en"), ("not a language", "en"), ("de-1996", "de"),
    ],
)  # fmt: skip
def test_a_tag_finds_what_its_reader_can_read(asked: str, right: str) -> None:
    assert best([asked], OFFERED) == right


@pytest.mark.parametrize(
    ("asked", "offered", "right"),
    [
        (["nl", "de-CH"], ["en", "de"], "de"),
        (["en-AU"], ["en-US", "en-GB"], "en-GB"),
        (["en-AU"], ["en", "en-GB"], "en"),
        (["de-CH"], ["de", "de-CH"], "de-CH"),
        (["sr"], ["sr-Latn", "sr"], "sr"),
        (["zh-TW", "fr"], ["zh-Hans", "fr"], "fr"),
        (["zh-TW"], ["en", "zh-Hans"], "zh-Hans"),
        (["fr", "en"], ["en", "fr"], "fr"),
    ],
)
def test_the_nearest_of_several_is_taken(asked: list[str], offered: list[str], right: str) -> None:
    assert best(asked, offered, "en") == right
