"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "f5b871850a429c73"
INTEGRITY = "sha384-ondYk+mpEjKODHgOcDYg2m9cAS3MXfpH3mhkjo5FaaugFFtOs1wyrbx6yegvA9y6"
