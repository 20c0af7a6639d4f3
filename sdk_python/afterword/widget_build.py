"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "fc6493d7d797c987"
INTEGRITY = "sha384-hN0edQdLOqieTUktD76VjyUXSWLF0gq43jklvpDllctrJws+4gDlji5UO+IV2870"
