"""The build of the widget that this release goes with; written by `npm run build`."""

STAMP = "fe576c7f9686ac20"
INTEGRITY = "sha384-v/j7kZKsxnbmKEtVd9PhS4Gti+gHY8G2d6s/vT/fxZs6vzj8bJLaX1iTSAVC1fZb"
