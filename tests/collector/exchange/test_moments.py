"""Times as files write them, each read as the moment it means."""

from __future__ import annotations

import pytest

from collector.exchange import moments

NOON = "2026-11-01T11:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "form", "meant"),
    [
        ("46327", "excel", NOON),
        ("46327.5", "excel", NOON),
        ("46327,25", "excel", "2026-11-01T05:00:00+00:00"),
        ("1. November 2026", "%d. %B %Y", NOON),
        ("3. März 2026", "%d. %B %Y", "2026-03-03T11:00:00+00:00"),
        ("3. Mrz 26", "%d. %b %y", "2026-03-03T11:00:00+00:00"),
        ("12 août 2026 09:30", "%d %B %Y %H:%M", "2026-08-12T07:30:00+00:00"),
        ("5 de mayo de 2026", "%d de %B de %Y", "2026-05-05T10:00:00+00:00"),
        ("Nov 1, 2026", "%b %d, %Y", NOON),
        ("1-NOV-26", "%d-%b-%y", NOON),
        ("2026-11-01", "iso", NOON),
        ("1793530800", "unix", NOON),
        ("31. Februar 2026", "%d. %B %Y", None),
        ("nan", "excel", None),
        ("1e400", "excel", None),
        ("99999999999", "excel", None),
    ],
)
def test_a_moment_in_berlin(text: str, form: str, meant: str | None) -> None:
    found = moments.read(text, form, "Europe/Berlin")
    assert (found.isoformat() if found else None) == meant
