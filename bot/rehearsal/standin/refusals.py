"""How Discord says no: HTTP status, JSON error code, message, and the paths at fault.

The codes and wordings are those of Discord's page "Opcodes and Status Codes".
"""

from dataclasses import dataclass, field

from bot.errors import BotError
from bot.rehearsal.standin.wire import Json


@dataclass(eq=False)
class Refusal(BotError):  # noqa: N818  # Discord refuses; nothing failed
    """A request that Discord would turn down."""

    status: int
    """HTTP status."""
    code: int
    """Discord's JSON error code; 0 where it has none."""
    message: str
    errors: Json = field(default_factory=dict)
    """Field → … → ``_errors``, only with 50035."""

    def to_json(self) -> Json:
        """Return the body of the answer."""
        body: Json = {"message": self.message, "code": self.code}
        return body | {"errors": self.errors} if self.errors else body


@dataclass(frozen=True, slots=True)
class Fault:
    """One field of a form that is wrong."""

    path: tuple[str | int, ...]
    code: str
    message: str


def unknown(code: int, what: str) -> Refusal:
    """Make the 404 for a thing that is not there, such as ``10003, "Channel"``."""
    return Refusal(404, code, f"Unknown {what}")


def missing_access() -> Refusal:
    """Make the refusal for what the actor may not even see."""
    return Refusal(403, 50001, "Missing Access")


def missing_permissions() -> Refusal:
    """Make the refusal for what the actor may see but not do."""
    return Refusal(403, 50013, "Missing Permissions")


def not_in_voice() -> Refusal:
    """Make the refusal for a mute, deafen or move of somebody not in voice."""
    return Refusal(400, 40032, "Target user is not connected to voice.")


def wrong_channel_type() -> Refusal:
    """Make the refusal for an action that this type of channel does not know."""
    return Refusal(400, 50024, "Cannot execute action on this channel type")


def invalid_form(*faults: Fault) -> Refusal:
    """Make the 50035 that names every field at fault."""
    errors: Json = {}
    for fault in faults:
        node = errors
        for step in fault.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append(
            {"code": fault.code, "message": fault.message}
        )
    return Refusal(400, 50035, "Invalid Form Body", errors)


def bad_field(path: tuple[str | int, ...], code: str, message: str) -> Refusal:
    """Make the 50035 for one field."""
    return invalid_form(Fault(path, code, message))
