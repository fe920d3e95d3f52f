"""How one Space hears: the voice link, and where what it heard goes.

    VoiceLink → Heard ─┬→ speech facts for the Space's inbox
                       ├→ talk intervals for the conversation and the record
                       └→ spurts with sound → recogniser → utterances → likewise

Nothing here decides anything. Sound goes no further than a member's consent: the
hearing chain gives none without it. What becomes of it is ``dictation``'s.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from itertools import chain, repeat

from bot.house import House
from bot.rooms.venue import Channel
from bot.talk.dictation import Dictation
from bot.talk.sinks import Sinks, Whose
from bot.talk.talk import Talk
from bot.voice.errors import Unable, VoiceError
from bot.voice.health import LinkChanged, VoiceSnapshot
from bot.voice.link import VoiceLink
from bot.voice.listener import LinkState
from bot.voice.playing import cannot
from media.consent import Consent
from media.heard import (
    Heard,
    SpurtEnded,
    SpurtGrew,
    SpurtStarted,
    TalkSpurt,
    TrackStopped,
    Unheard,
    UnheardReason,
    VoiceStarted,
    VoiceStopped,
)
from media.hearing import Hearing
from moderation.events import (
    RecordingFailed,
    SpeechEnded,
    SpeechStarted,
    TrackFailed,
)

log = logging.getLogger(__name__)

HEARS = (LinkState.CONNECTED, LinkState.RECONNECTING)
"""States of the link in which the room counts as heard."""

GO_BACK_S = (0.0, 1.0, 5.0)
"""Seconds before each attempt to leave a channel that we were put into."""

REJOIN_S = (2.0, 10.0, 60.0)
"""Seconds before each attempt to come back; the last is repeated."""


class Ears:
    """The hearing of one Space."""

    def __init__(
        self,
        house: House,
        whose: Whose,
        talk: Talk,
        new_hearing: Callable[[], Hearing],
        sinks: Sinks,
    ) -> None:
        self._house = house
        self._whose = whose
        self._talk = talk
        self._new_hearing = new_hearing
        self._sinks = sinks
        self._link: VoiceLink | None = None
        self._channel: Channel | None = None
        self._joined = False
        self._over = False
        self._rejoining: asyncio.Task[None] | None = None
        self._returning: asyncio.Task[None] | None = None
        self._recording = False
        self._follows = False
        self._speaking: set[int] = set()
        self._astray = False
        """We were put into another channel, where nobody's talk is the Space's."""

        self._elsewhere: set[int] = set()
        """Whose last talk spurt began there."""

        self._dictation = Dictation(house, whose, talk, sinks)
        self.consents: dict[int, Consent] = {}

    @property
    def speaking(self) -> frozenset[int]:
        """Whose packets arrive right now, whatever their consent."""
        return frozenset(self._speaking)

    @property
    def transcribing(self) -> bool:
        """Whether what is heard is recognised."""
        return self._dictation.on

    async def join(self, channel: Channel) -> bool:
        """Start to hear the channel; False where the guild's connection is in use.

        Raises VoiceError where Discord or the network does not let us in.
        """
        if self._over:
            return True  # the Space ended before the bot joined
        if channel.guild.voice_client is not None:
            return False
        link = VoiceLink(
            self._new_hearing(),
            opened_at=self._whose.opened_at,
            clock=self._house.clock,
            on_heard=self.heard,
            on_link=self._link_changed,
        )
        # Known before it is connected: the Space may end meanwhile.
        self._link, self._channel = link, channel
        self._dictation.begin()
        for user_id, level in self.consents.items():
            link.set_consent(user_id, level)
        link.record(self._recording)
        link.follow(self._follows)
        try:
            await link.join(channel)
        except VoiceError:
            if self._link is None:
                return True  # the Space ended while the bot joined
            await self._hang_up()
            raise
        self._joined = True
        return True

    def keep_trying(self, channel: Channel) -> None:
        """Go on trying to join a channel that did not let us in."""
        self._channel = channel
        self._rejoining = asyncio.create_task(self._come_in(), name="rejoin")

    def renew(self, channel: Channel) -> None:
        """Come back into the channel as Discord shows it now, when it comes to that."""
        if self._channel is not None:
            self._channel = channel

    async def leave(self) -> None:
        """Hear the last frames out, wait for the last lines, hang up for good."""
        self._over = True
        for task in (self._rejoining, self._returning):
            if task is not None:
                task.cancel()
        await self._hang_up()

    async def _hang_up(self) -> None:
        link, self._link = self._link, None
        self._joined = self._astray = False
        if link is None:
            return
        try:
            await link.leave()
        except VoiceError as error:
            log.warning("space %s: hanging up: %s", self._whose.space_id, error)
        lost = Consent.TRANSCRIPT in self.consents.values() or not self._recording
        await self._dictation.end(unrecorded=lost)

    def hurry(self) -> None:
        """Let ``leave`` wait for a few seconds only: the process stops."""
        self._dictation.hurry()

    def set_consent(self, user_id: int, level: Consent) -> None:
        """Let the hearing of a member go as far as ``level``, at once."""
        self.consents[user_id] = level
        if self._link is not None and not self._astray:
            self._link.set_consent(user_id, level)

    def shown_in(self, channel_id: int) -> bool:
        """Take in which channel Discord shows us; say whether it is a wrong one now.

        Whoever talks there has agreed to nothing of this Space: nothing is heard until
        we are back, and we go back at once.
        """
        if self._link is None or self._channel is None or not self._joined:
            return False
        astray = channel_id != self._channel.id
        if astray is self._astray:
            return False
        self._astray = astray
        for user_id, level in self.consents.items():
            heard = Consent.NOTHING if astray else level
            self._link.set_consent(user_id, heard)
        if astray:
            for user_id in list(self._speaking):
                self.cut(user_id)
            self._returning = asyncio.create_task(self._go_back(), name="go-back")
        self._sinks.changed()
        return astray

    async def _go_back(self) -> None:
        """Move back into the room's channel, ever more patiently."""
        for wait_s in chain(GO_BACK_S, repeat(GO_BACK_S[-1])):
            await asyncio.sleep(wait_s)
            if self._link is None or self._channel is None or not self._astray:
                return
            try:
                await self._link.move(self._channel)
            except VoiceError as error:
                log.warning("space %s: not back: %s", self._whose.space_id, error)

    async def release(self, user_id: int) -> None:
        """Wait until nobody writes to the track of a member who allows none."""
        if self._link is not None:
            await self._link.release(user_id)

    def cut(self, user_id: int) -> None:
        """End a member's spurt: muted, suppressed or gone."""
        self._speaking.discard(user_id)
        if self._link is not None:
            self._link.cut(user_id)

    def record(self, on: bool) -> None:
        """Start or stop the tracks."""
        self._recording = on
        if self._link is not None:
            self._link.record(on)

    def transcribe(self, on: bool) -> None:
        """Recognise what is said from now on, or nothing that is said later."""
        self._dictation.turn(on)

    def follow(self, on: bool) -> None:
        """Recognise what is being said while it is said, too, or no more."""
        self._follows = on
        if self._link is not None:
            self._link.follow(on)

    async def play(self, sound: Iterable[bytes]) -> None:
        """Let the room hear Opus packets (``VoiceLink.play``); raises CannotPlay."""
        if self._link is None:
            raise cannot(Unable.NOT_CONNECTED)
        await self._link.play(sound)

    def snapshot(self) -> VoiceSnapshot | None:
        """Return the newest look at the receiver; None without a connection."""
        if self._link is None:
            return None
        seen = self._link.snapshot()
        return seen if seen.state in HEARS else None

    def heard(self, facts: list[Heard]) -> None:
        """Take a batch from the voice thread; runs on the event loop."""
        for fact in facts:
            match fact:
                case SpurtStarted(user_id) if self._astray:
                    self._elsewhere.add(user_id)
                case VoiceStarted() | SpurtGrew() if self._astray:
                    pass
                case SpurtEnded(spurt) if spurt.user_id in self._elsewhere:
                    pass
                case VoiceStarted(user_id):
                    self._speaking.add(user_id)
                    self._sinks.voice_began(user_id)
                case VoiceStopped(user_id):
                    self._speaking.discard(user_id)
                    self._sinks.changed()
                case SpurtStarted(user_id, at):
                    self._elsewhere.discard(user_id)
                    self._talk.ledger.began(user_id, at)
                    self._sinks.notice(SpeechStarted(user_id))
                case SpurtGrew():
                    self._dictation.grew(fact)
                case SpurtEnded(spurt):
                    self._take(spurt)
                case Unheard(user_id, reason, since):
                    since += self._whose.opened_at
                    self._sinks.unheard(user_id, reason.value, since)
                case TrackStopped():
                    self._unrecorded(fact)

    def _unrecorded(self, stopped: TrackStopped) -> None:
        """Tell the Space: of one track, or of all where none can be written."""
        space_id, trouble = self._whose.space_id, stopped.trouble
        log.error("space %s: no track: %s", space_id, stopped.reason)
        if trouble.is_everybodys:
            self._sinks.notice(RecordingFailed(f"recording.{trouble.value}"))
        else:
            self._sinks.notice(TrackFailed(stopped.user_id, trouble))

    def _take(self, spurt: TalkSpurt) -> None:
        counted_s = self._talk.heard(spurt)
        self._sinks.notice(SpeechEnded(spurt.user_id, counted_s))
        self._sinks.changed()
        self._dictation.ended(spurt)

    def _link_changed(self, change: LinkChanged) -> None:
        log.info("space %s: voice %s", self._whose.space_id, change.state.value)
        self._sinks.changed()
        if change.state is LinkState.LOST and self._joined:
            now = self._house.clock.now()
            self._sinks.unheard(0, UnheardReason.LINK_DOWN.value, now)
            if self._rejoining is None or self._rejoining.done():
                self._rejoining = asyncio.create_task(self._rejoin(), name="rejoin")

    async def _come_in(self) -> None:
        """Join for the first time."""

        async def join() -> None:
            if self._channel is not None:
                await self.join(self._channel)

        await self._try("not in", join)

    async def _rejoin(self) -> None:
        """Come back after the connection was lost for good."""

        async def join() -> None:
            if self._link is not None and self._channel is not None:
                await self._link.join(self._channel)

        await self._try("not back", join)

    async def _try(self, unable: str, join: Callable[[], Awaitable[object]]) -> None:
        """Join until it works, ever more patiently."""
        for wait_s in chain(REJOIN_S, repeat(REJOIN_S[-1])):
            await asyncio.sleep(wait_s)
            try:
                await join()
            except VoiceError as error:
                log.warning("space %s: %s: %s", self._whose.space_id, unable, error)
            else:
                return
