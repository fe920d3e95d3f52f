"""The errors of ``bot``, one tree.

    BotError
    ├── ConfigError     config.toml cannot be used; every problem, a line each
    └── UsageError      a command was asked for something it cannot do

Each carries the one line (or lines) that the person at the terminal reads: what
is wrong, where, and what to do.
"""


class BotError(Exception):
    """Something at the edge cannot go on; ``str`` of it is for a person."""


class ConfigError(BotError):
    """The configuration cannot be used."""


class UsageError(BotError):
    """A command was asked for something it cannot do."""
