"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "6df0a4d48711a8cb"
INTEGRITY = "sha384-wcXvP/FWezyeBOw9W9QQvXHWgfwKotfW4Nt7/s/07pmMR1MQU93LUit8cc4WPT4+"
