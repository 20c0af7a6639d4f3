"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "cd844b8972f91b07"
INTEGRITY = "sha384-QorOb78rHSqsLsrSStlzHQJWX8CHt/Hs7rcAH803tojdB9YJfAnHino6MLkzRHog"
