"""The rules of one Space as a state machine; ``Space`` is the way in."""

from moderation.space.space import Space

__all__ = ["Space"]
