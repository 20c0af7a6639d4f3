"""Live in: another tool sends each answer as it is given, signed; it is placed by the tool's description, or kept until it can be.

In: HTTP from other survey tools, at an address of its own for each. Out: answers, by the same doors as a file of that tool.
"""

from collector.exchange.inbound import actions, listing
from collector.exchange.inbound.schemes import SCHEMES

__all__ = ["SCHEMES", "actions", "listing"]
