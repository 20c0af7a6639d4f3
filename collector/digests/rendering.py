"""What is new as a mail: text and HTML of the same words, in the person's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from collector import insights
from collector.addresses import Addresses
from collector.digests.framing import Frame
from collector.digests.gathering import News, Stated
from collector.locale import Speaker
from collector.outgoing import mails
from collector.signals import Sentences

LONGEST_SUBJECT = 150
TEMPLATES = Path(__file__).parent / "templates" / "digests"


@dataclass(frozen=True)
class Section:
    """A heading and its lines, each with the address where more stands."""

    title: str
    lines: Sequence[tuple[str, str]]


def render(news: News, frame: Frame, speaker: Speaker, now: datetime) -> EmailMessage:
    """The digest; its Message-ID is the same however often it is sent."""
    title = speaker.gettext("What is new for you at %(company)s") % {"company": frame.company}
    why = speaker.gettext("You get this because you chose it on your account page.")
    return _mail(title, sections(news, frame.addresses, speaker), why, frame, speaker, now)


def render_instant(news: News, frame: Frame, speaker: Speaker, now: datetime) -> EmailMessage:
    """What is told at once; a single thing stands in the subject."""
    parts = sections(news, frame.addresses, speaker)
    lines = [line for part in parts for line, _link in part.lines]
    title = " ".join(lines[0].split()) if len(lines) == 1 else _several(len(lines), frame, speaker)
    why = speaker.gettext("You get this because you want to be told at once; your account page changes that.")
    return _mail(title[:LONGEST_SUBJECT], parts, why, frame, speaker, now)


def _several(count: int, frame: Frame, speaker: Speaker) -> str:
    said = speaker.ngettext(
        "%(num)s thing is new for you at %(company)s", "%(num)s things are new for you at %(company)s", count
    )
    return said % {"num": speaker.number(count), "company": frame.company}


def _mail(
    title: str, parts: Sequence[Section], why: str, frame: Frame, speaker: Speaker, now: datetime
) -> EmailMessage:
    """Text and HTML of the same words."""
    stop = speaker.gettext("Send me no more")
    html = (
        _templates()
        .get_template("digest.html")
        .render(title=title, parts=parts, why=why, stop=stop, frame=frame, speaker=speaker)
    )
    return mails.write(frame.head(title, now, speaker.language), _text(parts, why, stop, frame), html)


def sections(news: News, addresses: Addresses, speaker: Speaker) -> list[Section]:
    """What there is to tell, part by part; empty parts are left out."""
    names, gettext = news.names, speaker.gettext
    stated = [
        (_verdict(each, news, speaker), addresses.whole(f"/journeys/{each.journey}")) for each in news.stated
    ]
    unhappy = [
        (
            speaker.ngettext("%(place)s: %(num)s comment", "%(place)s: %(num)s comments", count)
            % {"place": names.get(key, key), "num": speaker.number(count)},
            addresses.whole(f"/touchpoints/{key}"),
        )
        for key, count in news.unhappy.items()
    ]
    say_signal = Sentences(speaker, names)
    raised = [(say_signal.of(row), addresses.whole(f"/signals/{row.signal_id}")) for row in news.raised]
    moved = [
        (
            f"{row.title} ({insights.wording.state(row.state, gettext)})",
            addresses.whole(f"/insights/{row.insight_id}"),
        )
        for row in news.moved
    ]
    late, until = gettext("%(title)s: overdue since %(day)s"), gettext("%(title)s: due %(day)s")
    due = [
        (
            (late if row.due < news.today else until) % {"title": row.title, "day": speaker.day(row.due)},
            addresses.whole(f"/insights/{row.insight_id}"),
        )
        for row in news.due
    ]
    found = [
        Section(gettext("Differences that hold, and are new"), stated),
        Section(gettext("New signals"), raised),
        Section(gettext("Unhappy customers who wrote something"), unhappy),
        Section(gettext("Insights that came or moved on"), moved),
        Section(gettext("Actions that are due"), due),
    ]
    return [part for part in found if part.lines]


def _verdict(stated: Stated, news: News, speaker: Speaker) -> str:
    verdict, gettext = stated.verdict, speaker.gettext
    size = f"{_signed(verdict.shrunken, speaker)} {gettext(verdict.metric.name)} ({_basis(stated, speaker)})"
    said = {
        "handover": gettext("%(place)s: %(size)s after the step before"),
        "touchpoint": gettext("%(place)s: %(size)s against the rest of the journey"),
        "period": gettext("%(place)s: %(size)s against the 90 days before"),
        "channel": gettext("%(place)s, one channel: %(size)s against the others"),
        "segment": gettext("%(place)s, one group of customers: %(size)s against the others"),
    }
    place = news.names.get(verdict.touchpoint, verdict.touchpoint)
    return said[verdict.kind] % {"place": place, "size": size}


def _text(parts: Sequence[Section], why: str, stop: str, frame: Frame) -> str:
    blocks = [
        "\n".join([part.title, *(f"- {line}\n  {link}" for line, link in part.lines)]) for part in parts
    ]
    return "\n\n".join([*blocks, f"{why}\n{stop}: {frame.stop_link}"]) + "\n"


@cache
def _templates() -> Environment:
    """A template environment of its own: the worker has no web request around it."""
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


def _basis(stated: Stated, speaker: Speaker) -> str:
    """The interval of a difference, and how many answers stand on both sides."""
    verdict = stated.verdict
    return speaker.gettext("95%% interval %(low)s to %(high)s, n %(of)s and %(against)s") % {
        "low": _signed(verdict.low, speaker),
        "high": _signed(verdict.high, speaker),
        "of": speaker.number(verdict.n[0]),
        "against": speaker.number(verdict.n[1]),
    }


def _signed(value: float, speaker: Speaker) -> str:
    return speaker.number(value, 1, sign=True).replace("-", "\N{MINUS SIGN}")
