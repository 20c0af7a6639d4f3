"""Languages, numbers and dates: Babel's catalogs and CLDR data, bound to one language at a time.

The interface's own words go through gettext (``collector/translations``); survey texts are data and carry their
locales inline (``collector/instruments/localise.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

CATALOGS = Path(__file__).parent / "translations"
LANGUAGES = ("en", "de")
DEFAULT = "en"


@cache
def catalog(language: str) -> NullTranslations:
    """The compiled catalog of a language (an empty one for English, whose words stand in the source)."""
    return Translations.load(CATALOGS, [language])


def best(preferred: Iterable[str], available: Iterable[str] = LANGUAGES, default: str = DEFAULT) -> str:
    """The best available language for a list of preferences, most wanted first (``de-AT`` finds ``de``)."""
    wanted = [tag.replace("-", "_") for tag in preferred if tag]
    wanted += [tag.split("_")[0] for tag in wanted]
    found = negotiate_locale(wanted, [tag.replace("-", "_") for tag in available])
    return found.replace("_", "-") if found else default


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
    """Says words, numbers and dates in one language."""

    language: str

    @property
    def direction(self) -> str:
        return direction(self.language)

    def gettext(self, message: str) -> str:
        return str(catalog(self.language).ugettext(message)) if message else ""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(catalog(self.language).ungettext(singular, plural, count))

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
        return format_date(value, form, locale=self._locale)

    def moment(self, value: datetime, form: str = "short") -> str:
        return format_datetime(value.astimezone(UTC), form, locale=self._locale)

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
