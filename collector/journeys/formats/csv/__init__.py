"""CSV: one row per step, one column per field; also what the exports of mapping tools can be turned into.

Keys may be left out (they come from the names), a blank cell repeats the phase above and otherwise says nothing,
several owners, systems, tags or personas are parted by ``;``. Rows without a step describe touchpoints only.
"""

from collector.journeys.formats.csv.reading import read
from collector.journeys.formats.csv.writing import write

__all__ = ["read", "write"]
