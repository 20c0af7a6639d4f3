"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "1e98bdccd0fad39b"
INTEGRITY = "sha384-crp4PhhT7BA2YyPoK47EHYjdlViK0hn5OrypO4UAY5OsoiJ+fUn/1zTQv3nMblj1"
