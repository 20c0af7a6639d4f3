"""The delivery: takes rows from a source (`outbox.rows.Source`) and brings them to the collector.

`courier` runs a round, `loop` is the one daemon thread that runs rounds; `plan` groups rows into requests, `verdicts` says what an answer means, `backoff`
how long to wait: all three are pure. `transport` is the only place that knows of sockets.
"""
