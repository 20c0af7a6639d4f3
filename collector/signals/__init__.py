"""Signals: what has changed, noticed as soon as the answers that tell it are counted.

In: the news of responses. Out: one signal per change, each with its figures and with the false alarms that were agreed
upon. Read by insights, the dashboard and whoever sends messages; others raise theirs by ``raise_signal``.
"""

from collector.signals import exporting, forget, jobs, listening, reading, rules, settings, silences
from collector.signals.kinds import KINDS
from collector.signals.knowing import know, recover
from collector.signals.models import Signal
from collector.signals.raising import Found, end, link, raise_signal
from collector.signals.reading import Wanted
from collector.signals.settings import Wish, Wishes
from collector.signals.wording import Sentences

__all__ = [
    "KINDS",
    "Found",
    "Sentences",
    "Signal",
    "Wanted",
    "Wish",
    "Wishes",
    "end",
    "exporting",
    "forget",
    "jobs",
    "know",
    "link",
    "listening",
    "raise_signal",
    "reading",
    "recover",
    "rules",
    "settings",
    "silences",
]
