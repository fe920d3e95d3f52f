"""A scripted member: joins, speaks, types, clicks, runs commands, raises a hand.

Everything goes the way a person's client goes: what the person may not do, or cannot
see, is a ``MemberError``, and nothing reaches the bot.
"""

import asyncio
import itertools
from collections.abc import Callable, Sequence

from bot.rehearsal.standin.members.actions import Actions
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.tone import FRAME_S, speech
from bot.rehearsal.standin.voice_desk import VoiceDesk
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import events, messages, reactions, voice
from bot.rehearsal.standin.world.drafts import Draft
from bot.rehearsal.standin.world.state import VoiceState, World


class ScriptedMember(Actions):
    """One person of the guild."""

    def __init__(self, world: World, desk: VoiceDesk, user_id: int) -> None:
        super().__init__(world, user_id)
        self._desk = desk
        self.repertoire: Callable[[], tuple[bytes, ...]] = tuple
        """Where to get Opus frames in the member's own voice; none is a buzz."""

    @property
    def name(self) -> str:
        """The member's name."""
        return self._world.users[self.id].name

    @property
    def voice(self) -> VoiceState | None:
        """Where the member is in voice, if anywhere."""
        return self._world.voice.get(self.id)

    async def join(self, channel_id: int) -> None:
        """Join a voice or stage channel.

        Raises:
            MemberError: it is full, locked, or no such channel.

        """
        session_id = f"scripted-{self.id}"
        if not voice.join(self._world, self.id, channel_id, session_id=session_id):
            raise MemberError(f"{self.name} cannot join channel {channel_id}")
        await self._desk.settled()

    async def leave(self) -> None:
        """Leave voice."""
        voice.leave(self._world, self.id)
        await self._desk.settled()

    async def speak(
        self, frames: Sequence[bytes], *, start: float | None = None
    ) -> None:
        """Say Opus frames of 20 ms in real time; return at the end.

        ``start`` is on the event loop's clock; None is at once. Who is suppressed,
        muted or not in voice is not heard.
        """
        await self._desk.speak(self.id, frames, start=start)

    def words(self, seconds: float) -> Sequence[bytes]:
        """Return something to say, of so many seconds; may take a while."""
        own = self.repertoire()
        if not own:
            return speech(seconds)
        count = round(seconds / FRAME_S)
        return tuple(itertools.islice(itertools.cycle(own), count))

    def start_speaking(self, frames: Sequence[bytes]) -> asyncio.Task[None]:
        """Begin to say Opus frames; the stand-in keeps the task and ends with it."""
        return self._desk.start_speaking(self.id, frames)

    async def type(
        self, channel_id: int, content: str, *, reply_to: int | None = None
    ) -> Json:
        """Write a message; return it."""
        body: Json = {"content": content}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to)}
        draft, channel = Draft(body), self._world.channel(channel_id)
        with self._allowed():
            messages.require_may_post(self._world, self.id, channel)
            draft.check(flags=0)
            draft.require_something()
            author = self._world.users[self.id].to_json()
            return messages.post(self._world, author, channel, draft)

    def refuse_direct(self, *, refuse: bool = True) -> None:
        """Take no private messages of the bot any more, or take them again."""
        change = self._world.refuses_direct
        (change.add if refuse else change.discard)(self.id)

    async def react(self, message_id: int, emoji: str, *, on: bool = True) -> None:
        """React to a message, or take the reaction back."""
        message = self.seen(message_id)
        with self._allowed():
            change = reactions.add if on else reactions.remove
            change(self._world, self.id, message, emoji)

    async def accept(self) -> None:
        """Accept the invitation to speak on a stage."""
        with self._allowed():
            voice.answer_invitation(self._world, self.id, accept=True)
        await self._desk.settled()

    async def decline(self) -> None:
        """Decline the invitation to speak on a stage."""
        with self._allowed():
            voice.answer_invitation(self._world, self.id, accept=False)
        await self._desk.settled()

    async def raise_hand(self, *, up: bool = True) -> None:
        """Ask to speak on a stage, by Discord's own button, or no longer."""
        with self._allowed():
            voice.set_hand(self._world, self.id, self._world.now() if up else None)

    async def step_down(self) -> None:
        """Go back to the audience of a stage."""
        with self._allowed():
            voice.set_suppress(self._world, self.id, self.id, suppress=True)
        await self._desk.settled()

    async def set_self(
        self, *, mute: bool | None = None, deaf: bool | None = None
    ) -> None:
        """Mute or deafen oneself."""
        with self._allowed():
            voice.set_self(self._world, self.id, mute=mute, deaf=deaf)
        await self._desk.settled()

    async def rsvp(self, event_id: int, *, interested: bool = True) -> None:
        """Mark a scheduled event as interesting, or no longer."""
        with self._allowed():
            events.rsvp(self._world, self.id, event_id, interested=interested)

    async def mute(self, user_id: int, *, on: bool = True) -> None:
        """Server-mute somebody by hand, as a moderator can."""
        with self._allowed():
            voice.server_mute(self._world, self.id, user_id, mute=on, deaf=None)
        await self._desk.settled()

    async def deafen(self, user_id: int, *, on: bool = True) -> None:
        """Server-deafen somebody by hand, as a moderator can."""
        with self._allowed():
            voice.server_mute(self._world, self.id, user_id, mute=None, deaf=on)
        await self._desk.settled()

    async def suppress(self, user_id: int, *, on: bool = True) -> None:
        """Take somebody off a stage by hand, or invite them onto it."""
        _, channel = voice.on_stage(self._world, user_id)
        with self._allowed():
            self._world.require(self.id, Permission.MUTE_MEMBERS, channel)
            voice.set_suppress(self._world, self.id, user_id, suppress=on)
        await self._desk.settled()

    async def move(self, user_id: int, channel_id: int | None) -> None:
        """Move somebody to another voice channel, or (None) out of voice."""
        with self._allowed():
            voice.move(self._world, self.id, user_id, channel_id)
        await self._desk.settled()

    def sees(self, channel_id: int) -> bool:
        """Say whether the member sees a channel."""
        try:
            channel = self._world.channel(channel_id)
        except Refusal:
            return False
        return Permission.VIEW_CHANNEL in self._world.granted(self.id, channel)
