"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "047c1ea1f677768b"
INTEGRITY = "sha384-kCs5GilfD+LwePeEnbP8Jqkgn3nySKT3Sj7ecl35+MxZjnZ6+hsh++VRd+Q5UzSN"
