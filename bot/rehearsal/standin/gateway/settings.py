"""How the gateway behaves where Discord lets it vary."""

from dataclasses import dataclass

from bot.rehearsal.standin.intents import PRIVILEGED, Intent


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """The gateway's habits."""

    heartbeat_s: float = 41.25
    """How often a client must send a heartbeat."""
    allowed: Intent = PRIVILEGED
    """The privileged intents that the application may use; others close with 4014."""
    resumable_s: float = 60.0
    """How long a session that lost its connection waits to be resumed; then its bot
    is gone from voice too."""
    most_frames: int = 120
    """Frames a client may send in ``frames_window_s``; more close with 4008."""
    frames_window_s: float = 60.0
    voice_delay_s: float = 0.03
    """How long a voice state asked for by a client takes. Discord is never faster,
    and discord.py misses an answer that comes before it waits for it."""
    members_every_s: float = 30.0
    """How often all members may be requested."""
