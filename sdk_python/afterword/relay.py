"""The command `afterword-relay`."""
