"""The room's end of the voice connection.

What runs where:

- **The event loop**: discord.py's gateways, the DAVE group (MLS), and every method
  and callback of ``VoiceLink``. Nothing here blocks.
- **The voice thread** (``voice``, one per link): the UDP socket, both
  decryptions, and the whole of ``media.hearing``, in batches of 20 to 400 ms. Only
  this thread ever touches the ``Hearing`` given to the link.
- **The player's thread** (``voice-player``, from the first ``play`` on): takes a sound
  packet by packet and sends each one at its moment. Only this thread ever touches the
  iterable given to ``play``.
- Loop → thread: commands in a queue, with a wake-up. Thread → loop: results by
  ``call_soon_threadsafe``, in order; immutable values, or what the thread gives up
  (``release``).

A link lives as long as its Space: ``join`` … (``move``, reconnects by itself) …
``leave``. After ``leave`` the hearing is closed and the link is done.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import aiohttp
import discord
import discord.abc

from bot.clock import Clock
from bot.voice.client import ReceivingClient
from bot.voice.errors import CannotJoin, VoiceError
from bot.voice.handshake import barrier
from bot.voice.health import LinkChanged, VoiceSnapshot
from bot.voice.listener import LinkState, Reports
from bot.voice.playback import Played
from bot.voice.playing import Fork, Playing
from bot.voice.receiver import Receiver
from media.consent import Consent
from media.hearing import Heard, Hearing
from media.ports import Ended, TrackError

log = logging.getLogger(__name__)

Channel = discord.VoiceChannel | discord.StageChannel

TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError, VoiceError)
"""How discord.py and the network refuse a connection."""

ENDING_S = 10.0
"""Seconds that the voice thread gets to close the hearing."""

FALLING_SILENT_S = 0.5
"""Seconds that a sound gets to end when the link ends."""


class VoiceLink:
    """Hears one channel for one Space."""

    def __init__(
        self,
        hearing: Hearing,
        *,
        opened_at: float,
        clock: Clock,
        on_heard: Callable[[list[Heard]], None],
        on_link: Callable[[LinkChanged], None] | None = None,
    ) -> None:
        """Prepare; nothing is heard before ``join``. Call on the event loop.

        ``opened_at`` is in Unix seconds of ``clock``. ``on_heard`` and ``on_link``
        are called on the event loop.
        """
        self._loop = asyncio.get_running_loop()
        self._opened_at = opened_at
        self._clock = clock
        self._on_link = on_link
        self._client: ReceivingClient | None = None
        self._state = LinkState.IDLE
        self._ended = asyncio.Event()
        self._leaving = False
        self._recovering: asyncio.Task[None] | None = None
        reports = Reports(
            heard=partial(self._soon, on_heard),
            changed=self._changed,
            recover=partial(self._soon, self._recover),
            rejoin=partial(self._soon, self._rejoin),
            ended=partial(self._soon, self._ended.set),
        )
        self._receiver = Receiver(hearing, self._now, reports)
        self._playing = Playing(lambda: self._client)

    def _now(self) -> float:
        return self._clock.now() - self._opened_at

    def _soon(self, call: Callable[..., None], *arguments: object) -> None:
        """Call on the event loop, from any thread; nobody listens once it is closed."""
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            log.info("voice: the event loop ended before the voice thread")

    async def join(self, channel: Channel, *, timeout_s: float = 30.0) -> None:
        """Connect and start to listen; raises CannotJoin.

        Also for another try after the link was lost. A link that never got in ends
        with the error. ``timeout_s``: seconds for it.
        """
        if self._leaving:
            raise CannotJoin("this link has ended; a Space has one link")
        if not self._receiver.is_alive():
            self._receiver.start()
        self._changed(LinkState.CONNECTING, "join")
        try:
            await channel.connect(cls=self._new_client, timeout=timeout_s)
        except TROUBLE as trouble:
            if self._receiver.snapshot.connects == 0:
                await self.leave()
            raise CannotJoin(refusal(trouble), barrier(trouble)) from trouble
        except asyncio.CancelledError:
            if self._leaving:  # cancelled by us, not by whoever awaits the join
                raise CannotJoin("the Space ended while the bot joined") from None
            if not cancelling():  # the connector was: thrown out before it was in
                raise CannotJoin("the bot was thrown out while it joined") from None
            raise

    def _new_client(
        self, client: discord.Client, channel: discord.abc.Connectable
    ) -> ReceivingClient:
        """Make the voice client, known here at once: ``leave`` may come any time."""
        fork = Fork(self._receiver, self._playing)
        self._client = ReceivingClient(client, channel, listener=fork)
        return self._client

    async def move(self, channel: Channel, *, timeout_s: float = 30.0) -> None:
        """Follow the Space into another channel of the guild; raises CannotJoin."""
        client = self._client
        if client is None:
            raise CannotJoin("there is no voice connection to move")
        try:
            await client.move_to(channel, timeout=timeout_s)
        except TROUBLE as trouble:
            raise CannotJoin(refusal(trouble)) from trouble
        if not client.is_connected() or client.channel.id != channel.id:
            raise CannotJoin(f"Discord did not move the bot within {timeout_s:.0f} s")

    async def leave(self) -> None:
        """Disconnect and close the hearing on its last frames; raises VoiceError.

        Whoever calls it again waits for the same end.
        """
        if self._leaving:
            await self._end()
            return
        self._leaving = True
        try:
            await self._fall_silent()
            if self._client is not None:
                await self._client.disconnect(force=True)
        finally:
            if not self._receiver.is_alive():  # nobody ever joined
                self._receiver.start()
            self._receiver.end()
            await self._end()

    async def _end(self) -> None:
        """Wait until the voice thread has closed the hearing."""
        try:
            async with asyncio.timeout(ENDING_S):
                await self._ended.wait()
        except TimeoutError:
            raise VoiceError(
                f"the voice thread did not close the tracks within {ENDING_S:.0f} s"
            ) from None

    async def _fall_silent(self) -> None:
        """End what plays, with its silence."""
        self._playing.end()
        try:
            async with asyncio.timeout(FALLING_SILENT_S):
                await self._playing.silent()
        except TimeoutError:
            log.info("voice: a sound was cut off")

    async def play(self, sound: Iterable[bytes]) -> Played:
        """Let everybody in the channel hear a sound; return when it has been played.

        ``sound``: Opus packets of 20, 40 or 60 ms (48 kHz, mono or stereo), as they
        are recorded or encoded; sent at their own pace, then 0.1 s of silence. It is
        iterated on the player's thread, so it may be made while it plays. Sounds wait
        for one another. A reconnect or a change of keys makes a sound wait, not end.

        To stop it early, cancel the task that awaits this: the sound ends within
        0.15 s. ``leave`` ends it, too, and then this returns what was played.

        Raises CannotPlay where nobody would hear it (its ``why`` says the reason, for
        example that the bot is in the audience of a stage), or where it waited for a
        connection or an encryption group in vain; ValueError for a packet that is no
        Opus; and what the sound itself raises.
        """
        return await self._playing.play(sound)

    def set_consent(self, user_id: int, level: Consent) -> None:
        """Let the hearing of this member go as far as ``level`` from now on."""
        self._receiver.consent(user_id, level)

    async def release(self, user_id: int) -> None:
        """Wait until the file of a member who is recorded no more is nobody's.

        Call it after ``set_consent``. What the disk refused at its end is told no more:
        the file is going to be deleted.
        """
        if not self._receiver.is_alive():
            return
        released: asyncio.Future[list[Ended]] = self._loop.create_future()
        self._receiver.release(user_id, partial(self._soon, _give, released))
        try:
            async with asyncio.timeout(ENDING_S):
                tracks = await released
        except TimeoutError:  # the voice thread has ended meanwhile, with its tracks
            return
        for track in tracks:
            with contextlib.suppress(TrackError):
                await asyncio.to_thread(track.settle)

    def cut(self, user_id: int) -> None:
        """End this member's talk spurt: muted, suppressed or gone."""
        self._receiver.cut(user_id)

    def record(self, on: bool) -> None:
        """Start or stop the tracks."""
        self._receiver.record(on)

    def follow(self, on: bool) -> None:
        """Hear what is being said while it is said, or no more."""
        self._receiver.follow(on)

    def snapshot(self) -> VoiceSnapshot:
        """Return the newest look at the receiver, at most a second old."""
        look = replace(self._receiver.snapshot, state=self._state)
        client = self._client
        if client is None:
            return look
        return replace(look, dropped=client.dropped, uninvited=client.uninvited)

    def _changed(self, state: LinkState, reason: str) -> None:
        if self._leaving and state is LinkState.LOST:
            state = LinkState.IDLE
        self._state = state
        log.info("voice: link %s (%s)", state.value, reason)
        if self._on_link is not None:
            self._on_link(LinkChanged(state, self._now(), reason))

    def _recover(self) -> None:
        """Send op 31; one at a time."""
        if self._client is None or self._leaving:
            return
        if self._recovering is None or self._recovering.done():
            self._recovering = self._loop.create_task(self._client.recover())

    def _rejoin(self) -> None:
        """Join anew, if the connection is not doing so already."""
        if self._client is not None and self._client.is_connected():
            self._recovering = self._loop.create_task(self._client.rejoin())


def _give(released: "asyncio.Future[list[Ended]]", tracks: list[Ended]) -> None:
    if not released.done():
        released.set_result(tracks)


def cancelling() -> bool:
    """Say whether the present task is being cancelled, and not what it awaits."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def refusal(trouble: Exception) -> str:
    """Return a line for a person: why a channel could not be joined."""
    if isinstance(trouble, TimeoutError):
        return (
            "Discord did not let the bot into the voice channel in time: "
            "check the permission to connect, the user limit and UDP"
        )
    return f"the voice channel could not be joined: {trouble or type(trouble).__name__}"
