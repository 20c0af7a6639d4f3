"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "605991b99367bf1c"
INTEGRITY = "sha384-bcVLdIuJVUubuptvP8BlHt51+ltZkBs3T815ECGgV0fBvKGGQAk9P3/GaYEB96K1"
