"""What a raised hand asks for, and in which order hands are served: the words.

A floor request is a raised hand (RFC 8855). The rules of order stand in
``moderation.queue``.
"""

from enum import Enum

NOTE_LIMIT = 140
"""Characters kept of the note on a hand."""


class RequestKind(Enum):
    """Why somebody wants to speak."""

    NEW_TOPIC = "new_topic"
    REPLY = "reply"
    QUESTION = "question"
    POINT_OF_ORDER = "point_of_order"


class QueueMode(Enum):
    """How the queue is ordered."""

    FIRST_COME = "first_come"
    """In the order in which hands went up."""
    FAIR = "fair"
    """Who has spoken the fewest seconds goes first."""
    ROUNDS = "rounds"
    """Nobody has a second turn before everybody waiting had their first."""
    SIDES = "sides"
    """The side that has spoken the fewest seconds goes first."""
    LOTTERY = "lottery"
    """By a draw that is the same on replay."""


class Via(Enum):
    """How a hand went up."""

    BUTTON = "button"
    CHAT = "chat"
    COMMAND = "command"
    STAGE = "stage"
    """Discord's own request to speak."""
