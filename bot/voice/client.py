"""discord.py's voice client, with a receiver behind it.

    await channel.connect(cls=partial(ReceivingClient, listener=listener))

Sending (``play``) works as before, in both transport modes. The private name used is
``_connection`` (set by ``VoiceClient.__init__`` from ``create_connection_state``).
"""

import struct

import discord
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from discord.abc import Connectable
from typing_extensions import override

from bot.voice import transport
from bot.voice.connection import VoiceConnection
from bot.voice.listener import Listener


class ReceivingClient(discord.VoiceClient):
    """One guild's voice connection that can hear."""

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

    @property
    def dropped(self) -> dict[str, int]:
        """Messages of the voice gateway that could not be acted on, by kind."""
        return dict(self._connection.circuit.dropped)

    def _encrypt_aead_aes256_gcm_rtpsize(self, header: bytes, data: bytes) -> bytes:
        """Seal one packet to send; called by name by ``VoiceClient`` (mode)."""
        nonce = struct.pack(">I", self._incr_nonce)
        self.checked_add("_incr_nonce", 1, 0xFFFFFFFF)
        sealed = AESGCM(bytes(self.secret_key)).encrypt(
            nonce + bytes(8), bytes(data), bytes(header)
        )
        return bytes(header) + sealed + nonce
