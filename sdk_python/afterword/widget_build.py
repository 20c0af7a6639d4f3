"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "db909898cd946d12"
INTEGRITY = "sha384-dXBg8KB0ntmQB5YPe+3dn5JKlCqHDp4RYR7st7UoL5f6c71v5aYPO/Roco3QxHfs"
