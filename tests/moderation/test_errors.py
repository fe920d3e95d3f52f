"""The errors of the rules and the record."""

from moderation.drift.embedding import EmbeddingError
from moderation.errors import ModerationError
from moderation.refused import Refused
from moderation.store.database import StoreError


def test_one_tree_for_the_package():
    """An edge that catches ``ModerationError`` has caught them all."""
    for kind in (Refused, StoreError, EmbeddingError):
        assert issubclass(kind, ModerationError)
