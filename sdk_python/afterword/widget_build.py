"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "25ca54f3d3bb004c"
INTEGRITY = "sha384-SnlOLAIK+L5J3l3zUZhOnxSy3weWbct1asnDN3BTKwu3lMrorkrVOeHvcI/2JFlO"
