"""One of the question's own options."""

from collector.instruments.kinds._option import OptionKind

KIND = OptionKind(key="single_choice")
