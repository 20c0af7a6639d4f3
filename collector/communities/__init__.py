"""Community runs: whom a run asks, what it wants to find out, and which variant each customer sees.

In: runs as people define them, panels and their members. Out: the runs that ask at a touchpoint, a customer's place in
one. Read by invitations (which asks), responses and results (which says what a run came to).
"""

from collector.communities import forget, panels, runs

__all__ = ["forget", "panels", "runs"]
