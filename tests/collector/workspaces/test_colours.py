"""The company's colour stands out from light and dark pages, and so does the text upon it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.workspaces import colours

any_colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#fff", "#fff", 1),
    ],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    one, other = (text if len(text) == 7 else "#" + text[1] * 6 for text in (one, other))
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@given(any_colour, st.sampled_from([colours.LIGHT, colours.DARK]))
def test_whatever_the_colour_buttons_and_their_words_stand_out(colour: str, paper: str) -> None:
    accent = colours.on(colour, paper)
    assert colours.contrast(accent.colour, paper) >= 3
    assert colours.contrast(accent.text, accent.colour) >= 4.5
    assert not colours.is_pale(colours.on(colour, colours.LIGHT).colour)


@given(any_colour)
def test_what_stands_out_already_is_left_alone(colour: str) -> None:
    if not colours.is_pale(colour):
        assert colours.on(colour, colours.LIGHT).colour == colour


@pytest.mark.parametrize("text", ["", "red", "#fff", "#0a557", "#0A5570", "#0a5570;}", "#gggggg"])
def test_only_a_colour_is_one(text: str) -> None:
    assert not colours.is_colour(text)
