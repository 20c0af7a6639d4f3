"""The three-way merge of a form: their change and mine, field by field."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.journeys.pages.merge import compare, merge

FORMS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "y"]))


def test_each_keeps_what_only_they_changed() -> None:
    base, theirs, mine = {"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "3"}
    assert merge(base, theirs, mine) == {"a": "2", "b": "3"}
    assert [item.clashes for item in compare(base, theirs, mine)] == [False, False]


def test_both_changed_it_to_different_ends() -> None:
    (found,) = compare({"a": "1"}, {"a": "2"}, {"a": "3"})
    assert found.clashes
    assert not compare({"a": "1"}, {"a": "2"}, {"a": "2"})[0].clashes


@given(base=FORMS, theirs=FORMS, mine=FORMS)
def test_nothing_is_lost_but_what_is_asked_about(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    merged = merge(base, theirs, mine)
    asked = {item.name for item in compare(base, theirs, mine) if item.clashes}
    for name in {*base, *theirs, *mine} - asked:
        wanted = mine if mine.get(name, "") != base.get(name, "") else theirs
        assert merged.get(name, "") == wanted.get(name, "")
