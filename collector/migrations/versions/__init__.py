"""One file per revision; a package, so that an installed collector carries its history with it."""
