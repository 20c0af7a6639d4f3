"""One line in the customer's own words."""

from collector.instruments.kinds._text import TextKind

KIND = TextKind(key="short_text", max_length=200, one_line=True)
