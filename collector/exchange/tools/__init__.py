"""Moving in from another tool: its files as they are, without a mapping to write.

In: the files that a tool hands out (answers, the people it knows, who objected, which addresses bounced). Each tool is
described by data, in ``<tool>.yaml``: which columns tell a file apart, and what stands where. Out: answers and memory, by
the same doors as any import; and a report of what was taken, as what, and what was lost.
"""

from collector.exchange.tools import choices
from collector.exchange.tools.choices import Asked, Choices
from collector.exchange.tools.description import TOOLS, Tool, tool
from collector.exchange.tools.moving import Move, move, trial
from collector.exchange.tools.telling import Moved

__all__ = ["TOOLS", "Asked", "Choices", "Move", "Moved", "Tool", "choices", "move", "tool", "trial"]
