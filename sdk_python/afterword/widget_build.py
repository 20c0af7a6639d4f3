"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "3dadbabba6e1a618"
INTEGRITY = "sha384-DxL5joNrBvubw5m9LdSEj1j4cs/tJL+rL7ntAqlp0rUde3Ui8ixxTSBytWKFwUoz"
