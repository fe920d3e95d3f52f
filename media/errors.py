"""The one tree of errors of this package.

Raised where the rule is, caught at an edge; never turned into silence.
"""


class MediaError(Exception):
    """Something in the sound path cannot go on; the message says what and why."""
