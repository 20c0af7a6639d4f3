"""For the operator: what waits and what was refused, over all files of a folder or in a relay's table.

`places` finds them, `files` and `table` read and revive, `wording` prints, `command` is `afterword-outbox`. Files that
a living process owns are only read; it is asked to revive its dead letters by a mark beside its file.
"""
