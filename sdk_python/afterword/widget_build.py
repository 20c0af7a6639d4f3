"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "af2edceed85a3d8d"
INTEGRITY = "sha384-eeHh4ONyH3f20E5jFLEo76jr4J5qkttU4muXUtMepyVcXXplfP9ik7GQHrhdkBjv"
