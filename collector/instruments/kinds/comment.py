"""The open comment, whose prompt may follow an earlier answer."""

from collector.instruments.kinds._text import TextKind

KIND = TextKind(key="comment", max_length=2000)
