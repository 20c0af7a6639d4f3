"""Languages, numbers and dates: Babel's catalogs and CLDR data, bound to one language at a time.

The interface's own words go through gettext (``collector/translations``); survey texts are data and carry their
locales inline (``collector/instruments/localise.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale
from babel.dates import format_date, format_timedelta
from babel.messages.mofile import read_mo
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

from collector.told import CONTEXT, Sentences

CATALOGS = Path(__file__).parent / "translations"
LANGUAGES = ("en", "de")
DEFAULT = "en"
SAME = {"no": "nb"}
"""Norwegian as most write it; CLDR's aliases as Babel carries them leave it out."""


@cache
def catalog(language: str) -> NullTranslations:
    """The compiled catalog of a language (an empty one for English, whose words stand in the source)."""
    return Translations.load(CATALOGS, [language])


@cache
def _told(language: str) -> Sentences:
    """The sentences of rules in a language, as its catalog has them."""
    with (CATALOGS / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        known = {CONTEXT, CONTEXT.encode()}  # Babel gives back the bytes of a context
        found = [message for message in read_mo(file) if message.context in known]
    return Sentences({str(message.id): str(message.string) for message in found if message.string})


def best(preferred: Iterable[str], available: Iterable[str] = LANGUAGES, default: str = DEFAULT) -> str:
    """The best available language for a list of preferences, most wanted first.

    Each wanted tag is looked up as it stands and shortened from its end (RFC 4647, lookup), then by what CLDR's likely
    subtags say of it: the same language in the same script, nearest in territory (``zh-TW`` finds ``zh-Hant``, ``pt``
    finds ``pt-BR``, ``es-MX`` finds ``es-419``). Only where nobody's script is there, another one will do.
    """
    return _best(tuple(filter(None, preferred)), tuple(available)) or default


@lru_cache(maxsize=4000)
def _best(preferred: tuple[str, ...], available: tuple[str, ...]) -> str:
    offered = {tag: _likely(tag) for tag in available}
    wanted = [found for tag in preferred if (found := _likely(tag))]
    for tag in wanted:
        near = [(tag.distance(other), name) for name, other in offered.items() if other and tag.reads(other)]
        if near:
            return min(near, key=lambda each: each[0])[1]
    for tag in wanted:
        for name, other in offered.items():
            if other and other.language == tag.language:
                return name
    return ""


@dataclass(frozen=True)
class _Tag:
    """A language tag, whole: with the script and territory that CLDR finds likely where it names none."""

    language: str
    script: str
    territory: str
    parents: tuple[str, ...]
    is_bare: bool

    def reads(self, other: _Tag) -> bool:
        return (self.language, self.script) == (other.language, other.script)

    def distance(self, other: _Tag) -> int:
        """0 for the same territory, then the language alone, a parent (Mexico's is Latin America), a sibling, any."""
        if self.territory == other.territory:
            return 0
        if other.is_bare:
            return 1
        if other.territory in self.parents:
            return 2
        return 3 if set(self.parents) & set(other.parents) else 4


@lru_cache(maxsize=4000)
def _likely(tag: str) -> _Tag | None:
    """A tag made whole; None for what is no language tag (``*`` among them)."""
    try:
        named, territory, script, _, *_ = parse_locale(tag.replace("-", "_"))
    except ValueError:
        return None
    is_bare = not territory
    named = str(named)
    language: str = SAME.get(named) or get_global("language_aliases").get(named, named)
    known = [part for part in (language, script, territory) if part]
    likely = get_global("likely_subtags")
    tries = ("_".join(known), f"{language}_{territory}", f"{language}_{script}", language)
    _, land, letters, *_ = next((parse_locale(likely[name]) for name in tries if name in likely), (None,) * 3)
    territory, script = territory or land or "", script or letters or ""
    return _Tag(language, script, territory, _parents(language, script, territory), is_bare)


def _parents(language: str, script: str, territory: str) -> tuple[str, ...]:
    """The territories that CLDR lets a locale inherit from, nearest first."""
    exceptions = get_global("parent_exceptions")
    found: list[str] = []
    while parent := exceptions.get(f"{language}_{territory}") or exceptions.get(
        f"{language}_{script}_{territory}"
    ):
        territory = parse_locale(parent)[1] or ""
        if not territory or territory in found:
            break
        found.append(territory)
    return tuple(found)


@lru_cache(maxsize=1000)
def direction(language: str) -> str:
    """``ltr`` or ``rtl``, as CLDR has it."""
    try:
        order = Locale.parse(language, sep="-").character_order
    except (ValueError, UnknownLocaleError):
        return "ltr"
    return "rtl" if order == "right-to-left" else "ltr"


@dataclass(frozen=True)
class Speaker:
    """Says words, numbers and dates in one language; days and times by the clock of one time zone."""

    language: str
    zone: str = "UTC"

    @property
    def direction(self) -> str:
        return direction(self.language)

    def gettext(self, message: str) -> str:
        return str(catalog(self.language).ugettext(message)) if message else ""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(catalog(self.language).ungettext(singular, plural, count))

    def told(self, sentence: str) -> str:
        """A sentence of an error or a rule, which is English wherever it is made; see ``told``."""
        return sentence if self.language == DEFAULT else _told(self.language).say(sentence)

    def number(self, value: float | None, digits: int = 0, sign: bool = False) -> str:
        """A number with a fixed count of decimals; "no data" is an en dash, never 0."""
        if value is None:
            return "–"
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        rounded = round(value, digits) + 0.0
        text = _decimal(rounded, pattern, self.language)
        return f"+{text}" if sign and rounded > 0 else text

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share (0 to 1) as a percentage."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + " %"
        return "–" if share is None else format_percent(share, pattern, locale=self._locale)

    def day(self, value: date | datetime, form: str = "medium") -> str:
        """A day; of a moment, the day on which it lies in the zone."""
        day = value.astimezone(ZoneInfo(self.zone)) if isinstance(value, datetime) else value
        return format_date(day, form, locale=self._locale)

    def moment(self, value: datetime) -> str:
        """A day and a time of day, with the zone: ``Nov 26, 2026, 23:14 CET``."""
        there = value.astimezone(ZoneInfo(self.zone))
        name = there.tzname() or self.zone
        return f"{self.day(there)}, {there:%H:%M} {f'UTC{name}' if name[0] in '+-' else name}"

    def ago(self, value: datetime, now: datetime) -> str:
        return format_timedelta(value - now, add_direction=True, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=20_000)
def _decimal(value: float, pattern: str, language: str) -> str:
    """A page says the same few hundred numbers again and again, and CLDR's rules take a tenth of a millisecond each."""
    return format_decimal(value, pattern, locale=_locale(language))
