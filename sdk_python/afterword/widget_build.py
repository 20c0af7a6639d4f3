"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "5c583abd4bafb7dd"
INTEGRITY = "sha384-A7bpyZMTOLsDb1N6DwA3a/SXPD0hQjMHOQpjhBe40EsWHjO44ImKsoCXitw2rxn/"
