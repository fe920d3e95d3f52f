"""discord.py's voice client, with a receiver behind it.

    await channel.connect(cls=partial(ReceivingClient, listener=listener))

discord.py's own ways to send are closed: its counter of nonces and ours must never
meet under one key. ``VoiceLink.play`` sends. The private name used is ``_connection``
(set by ``VoiceClient.__init__`` from ``create_connection_state``).
"""

from typing import Any, NoReturn

import discord
from discord import SpeakingState
from discord.abc import Connectable
from typing_extensions import override

from bot.voice import transport
from bot.voice.connection import VoiceConnection
from bot.voice.listener import Listener

SESSION_INVALID = 4006
"""The close code upon which a session is not resumed."""


class ReceivingClient(discord.VoiceClient):
    """One guild's voice connection that can hear, and sends for ``VoiceLink``."""

    _connection: VoiceConnection

    supported_modes = transport.MODES  # type: ignore[assignment]  # discord.py lists only the modes it sends in

    def __init__(
        self, client: discord.Client, channel: Connectable, *, listener: Listener
    ) -> None:
        # Set first: VoiceClient.__init__ calls create_connection_state.
        self._listener = listener
        super().__init__(client, channel)

    @override
    def create_connection_state(self) -> VoiceConnection:
        """Return our connection; discord.py asks for it once."""
        return VoiceConnection(self, self._listener)

    async def recover(self) -> None:
        """Ask to be added to the encryption group anew (op 31)."""
        await self._connection.recover()

    async def rejoin(self) -> None:
        """Begin another voice session: this one's key or wire is of no use."""
        await self._connection.ws.close(SESSION_INVALID)

    @property
    def dropped(self) -> dict[str, int]:
        """Messages of the voice gateway that could not be acted on, by kind."""
        return dict(self._connection.circuit.dropped)

    @property
    def uninvited(self) -> tuple[int, ...]:
        """Members of the encryption group who are not in the channel."""
        return tuple(self._connection.circuit.uninvited)

    async def speaking(self, on: bool) -> None:
        """Say that our stream begins or pauses (op 5); raises what the socket does."""
        state = SpeakingState.voice if on else SpeakingState.none
        await self._connection.ws.speak(state)

    @override
    def play(self, source: Any, **_: Any) -> NoReturn:
        """Refuse: two counters of nonces under one key would give the key away."""
        raise discord.ClientException("play by VoiceLink.play")

    @override
    def send_audio_packet(self, data: bytes, *, encode: bool = True) -> NoReturn:
        """Refuse, likewise."""
        raise discord.ClientException("play by VoiceLink.play")
