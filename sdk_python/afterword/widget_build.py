"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "e8eed8af53ed2253"
INTEGRITY = "sha384-PaNMW4ax6sLiD2+/4+oM6UUZlI0We1a8ioWIUuuIqF/GbolXGamD8gv0vc3mdCgd"
