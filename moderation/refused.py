"""The answer to what a Space does not allow."""

from collections.abc import Mapping

from moderation.errors import ModerationError


class Refused(ModerationError):  # noqa: N818 (an answer that people see, not a fault)
    """The event is not allowed now; nothing has changed.

    ``key`` and ``params`` word the reason, like those of an effect.
    """

    def __init__(self, key: str, **params: str | int | float | None) -> None:
        super().__init__(key)
        self.key = key
        self.params: Mapping[str, str | int | float | None] = params
