"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "d3d8165542e65d26"
INTEGRITY = "sha384-siOTlVSMT7HpfothGBkrU8QOXnSWdly+pF8dtcGyqPWeZ32A6BfFFtb38fDou6lE"
