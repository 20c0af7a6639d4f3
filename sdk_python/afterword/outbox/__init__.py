"""The outbox: what has been handed over and not yet been taken by the collector.

In comes a `Row` from the caller's thread; out go the oldest rows to `afterword.delivery`, which strikes them off
or moves them to the dead letters. `Outbox` is the door: a file where it can (`file`, `slots`), memory where it
must (`memory`). Nothing here knows of HTTP.
"""
