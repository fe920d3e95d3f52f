"""The mouth of a link: one sound at a time, announced before and after.

What runs where: everything here runs on the event loop; the sound itself on the one
thread ``voice-player`` (``playback``), which lives from the first sound on.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import discord

from bot.voice.client import ReceivingClient
from bot.voice.dave import DaveStatus
from bot.voice.errors import CannotPlay, Unable
from bot.voice.listener import LinkState, Listener, Wire
from bot.voice.playback import Played, Player
from bot.voice.sending import Held, Sender

log = logging.getLogger(__name__)

TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError)
"""How a websocket refuses a message."""

TEXTS = {
    Unable.NOT_CONNECTED: "there is no voice connection to play into",
    Unable.SUPPRESSED: "the bot may not speak here: it is in the audience of the stage,"
    " or lacks the permission to speak",
    Unable.MUTED: "a moderator has muted the bot",
    Unable.ALONE: "nobody else is in the encryption group of the channel",
}


class Playing:
    """Plays sounds into the channel of one link."""

    def __init__(self, client: Callable[[], ReceivingClient | None]) -> None:
        """Prepare; ``client`` gives the link's present voice client."""
        self._client = client
        self._sender = Sender()
        self._turn = asyncio.Lock()
        self._player: Player | None = None
        self._over = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="voice-player")
        self._announcing: asyncio.Task[None] | None = None

    async def play(self, sound: Iterable[bytes]) -> Played:
        """Play a sound after those before it; raises CannotPlay. See ``VoiceLink``."""
        async with self._turn:
            self._check()
            player = self._player = Player(self._sender, sound)
            try:
                await self._announce()
                if self._over:  # meanwhile
                    raise cannot(Unable.NOT_CONNECTED)
                played = await self._sounded(player)
            finally:
                self._player = None
                await self._hush()
        if played.held is not None:
            raise failure(played.held)
        return played

    async def _sounded(self, player: Player) -> Played:
        """Play a sound on the player's thread, with the silence that ends it."""
        loop = asyncio.get_running_loop()
        sounding = loop.run_in_executor(self._thread, player.run)
        try:
            return await asyncio.shield(sounding)
        finally:
            player.stop()
            await asyncio.wait([sounding])  # its silence

    def end(self) -> None:
        """Stop what plays, for good: the link ends."""
        self._over = True
        if self._player is not None:
            self._player.stop()
        self._thread.shutdown(wait=False)

    async def silent(self) -> None:
        """Wait until nothing plays any more."""
        async with self._turn:
            pass

    # ------------------------------------------------- what the connection says

    def listen(self, wire: Wire) -> None:
        """Send on this wire from now on."""
        if self._over:
            return
        try:
            self._sender.listen(wire)
        except OSError as error:  # no descriptor left: a sound waits, and says so
            log.error("voice: no socket to play with: %s", error.strerror)
            return
        if self._player is not None:  # the sound goes on over a reconnect
            loop = asyncio.get_running_loop()
            self._announcing = loop.create_task(self._announce_again())

    def deafen(self) -> None:
        """Let go of the present wire."""
        self._sender.deafen()

    def group(self, status: DaveStatus) -> None:
        """Encrypt with this from now on."""
        self._sender.group(status)

    def _check(self) -> None:
        """Raise CannotPlay where nobody would hear it."""
        client = self._client()
        if self._over or client is None or not client.is_connected():
            raise cannot(Unable.NOT_CONNECTED)
        state = client.guild.me.voice
        if state is not None and state.suppress:
            raise cannot(Unable.SUPPRESSED)
        if state is not None and state.mute:
            raise cannot(Unable.MUTED)

    async def _announce(self) -> None:
        """Send op 5, without which nobody may send sound; raises CannotPlay."""
        client = self._client()
        if client is None:
            raise cannot(Unable.NOT_CONNECTED)
        wire = self._sender.wire
        try:
            await client.speaking(True)
        except TROUBLE as trouble:
            raise cannot(Unable.NOT_CONNECTED) from trouble
        self._sender.announced(wire)

    async def _announce_again(self) -> None:
        try:
            await self._announce()
        except CannotPlay as failed:  # there will be another wire, or the sound ends
            log.info("voice: not announced: %s", failed.why.value)

    async def _hush(self) -> None:
        """Say that our stream pauses."""
        client = self._client()
        if client is None or not client.is_connected():
            return
        try:
            await client.speaking(False)
        except TROUBLE as trouble:
            log.debug("voice: not said: %s", type(trouble).__name__)


def cannot(why: Unable) -> CannotPlay:
    """Return the error, with a line for a person."""
    return CannotPlay(why, f"nothing can be played: {TEXTS[why]}")


def failure(held: Held) -> CannotPlay:
    """Return the error for a sound that waited in vain."""
    alone = held is not Held.NO_WIRE
    return cannot(Unable.ALONE if alone else Unable.NOT_CONNECTED)


class Fork:
    """A ``Listener`` that tells both halves of a link: who hears and who plays."""

    def __init__(self, hearing: Listener, playing: Playing) -> None:
        self._hearing = hearing
        self._playing = playing

    def listen(self, wire: Wire) -> None:
        """Use this wire from now on."""
        self._hearing.listen(wire)
        self._playing.listen(wire)

    def deafen(self) -> None:
        """Let go of the present wire."""
        self._hearing.deafen()
        self._playing.deafen()

    def renew(self) -> None:
        """Forget who had which SSRC."""
        self._hearing.renew()

    async def catch_up(self) -> None:
        """Return when what has come until now is opened."""
        await self._hearing.catch_up()

    def group(self, status: DaveStatus) -> None:
        """Take the encryption group as it is now."""
        self._hearing.group(status)
        self._playing.group(status)

    def identify(self, user_id: int, ssrc: int) -> None:
        """Attribute an SSRC to a member."""
        self._hearing.identify(user_id, ssrc)

    def speaking(self, user_id: int) -> None:
        """Expect packets of a member."""
        self._hearing.speaking(user_id)

    def departed(self, user_id: int) -> None:
        """Expect no more packets of a member."""
        self._hearing.departed(user_id)

    def server_deaf(self, on: bool) -> None:
        """Note whether a moderator has deafened us."""
        self._hearing.server_deaf(on)

    def changed(self, state: LinkState, reason: str) -> None:
        """Note where the connection stands."""
        self._hearing.changed(state, reason)
