"""The company's own pages and calls: its people, its keys, its settings, and the record of who did what.

In: an administrator. Out: pages, and the calls of the API behind them. It stands above the stations because it
names stakeholders, journeys and surveys, and calls the verbs of each.
"""
