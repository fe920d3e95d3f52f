"""What can go wrong in the rules and the record of a Space.

The tree, each error defined beside the rule that raises it::

    ModerationError
    ├── Refused         moderation.space, moderation.floor
    └── StoreError      moderation.store.database
"""


class ModerationError(Exception):
    """Base of every error of this package."""
