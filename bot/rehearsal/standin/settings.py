"""Everything about a stand-in that can be chosen."""

from dataclasses import dataclass, field

from bot.rehearsal.standin.gateway.settings import GatewaySettings
from bot.rehearsal.standin.limits import LimitSettings
from bot.rehearsal.standin.voice_desk import VoiceSettings


@dataclass(frozen=True, slots=True)
class StandInSettings:
    """How a stand-in is served and how it behaves."""

    token: str = "MTA.stand-in.loopback-only"  # noqa: S105  # opens nothing but this
    tls_port: int = 0
    """Where TLS listens; 0 chooses a free port, 443 is for the hosts file."""
    plain_port: int = 0
    """Where plain HTTP and the control listen; 0 chooses a free port."""
    gateway: GatewaySettings = field(default_factory=GatewaySettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
