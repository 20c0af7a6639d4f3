"""``afterword demo``: an invented telecom company, 90 days of generated answers, and a shop that really asks.

In: a folder and two ports. Out: a workspace flagged as sample data, a running collector, a running shop.
The answers come from a seeded rule, and the dashboard says so; nothing here is imported by the product itself.
``run.run`` starts it; importing this package alone loads nothing.
"""
