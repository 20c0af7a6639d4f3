"""The transactional outbox: a trigger as a row in the caller's own transaction, so that it shares its fate.

In comes a parcel and whatever the caller's transaction hangs on (a SQLAlchemy session or connection, Django's
`connection`, a DB-API connection); `Relay` takes committed rows to the collector. Rolled back: no survey. Crashed
between commit and relay: the row is still there.
"""
