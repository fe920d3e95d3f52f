"""The HTTP API, version 10: routes onto the world's rules."""
