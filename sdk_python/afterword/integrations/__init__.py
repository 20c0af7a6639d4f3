"""Small bridges to frameworks. Each is one file (Django: one app) and needs only its framework and `Client`."""
