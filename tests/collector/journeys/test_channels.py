"""A channel is known everywhere by its one line: to files, the wire, policies, pages and other tools' files."""

from __future__ import annotations

import pytest

from collector import journeys
from collector.contact import schemas as policies
from collector.dashboard.wording import Wording
from collector.interactions import contact
from collector.journeys import channels
from collector.journeys.formats import draft
from collector.journeys.pages.words import Words
from collector.locale import Speaker

ALL = pytest.mark.parametrize("channel", channels.BY_KEY.values(), ids=lambda channel: channel.key)


@ALL
def test_pages_name_it_alike(channel: channels.Channel) -> None:
    speaker = Speaker("en")
    assert Wording(speaker).channel(channel.key) == Words(speaker).channel(channel.key) == channel.name


@ALL
def test_a_foreign_file_means_it_by_its_key_and_its_words(channel: channels.Channel) -> None:
    for word in (channel.key, *channel.words):
        assert draft.BY_WORD[word] == channel.key


def test_no_word_means_two_channels() -> None:
    words = [word for channel in channels.BY_KEY.values() for word in channel.words]
    assert len(words) == len(set(words))


def test_everybody_asks_the_one_list() -> None:
    assert tuple(channels.BY_KEY) == journeys.CHANNELS
    for taken in (policies.CHANNELS, contact.CHANNELS):
        assert taken is journeys.CHANNELS
