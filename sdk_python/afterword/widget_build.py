"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "d0d7495f4ca12de1"
INTEGRITY = "sha384-T2uFPpEyPri9u7Y0/1qcqw+6BXFiKBkA1ypCyo5udWn7mueOOhabH0Zw3bP/Mlz4"
