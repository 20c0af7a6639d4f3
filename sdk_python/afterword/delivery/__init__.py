"""The delivery: takes rows from a source (`outbox.rows.Source`) and brings them to the collector.

`loop` is the one daemon thread; `plan` groups rows into requests, `verdicts` says what an answer means, `backoff`
how long to wait: all three are pure. `transport` is the only place that knows of sockets.
"""
