"""The captions of one Space: the live post, and the thread with everything.

Rule 1: only members who allow a transcript are shown, and from the moment that they
take it back no longer, not even in what still stands in the live post.
Rule 2: the captions go on whatever happens to a message. What did not get through waits
for the next time; what Discord refuses is lost to the thread, and the hosts hear of it.
Rule 3: where the posts are is in the record; the next process goes on in them, in the
thread from the newest line that stands there.
"""

import asyncio
import logging
from collections.abc import Sequence

import discord

from bot.captions import history
from bot.captions.captioned import Captioned, Words
from bot.captions.lines import newest, pages, whole
from bot.faults import FAULTS, named, passes
from bot.house import House
from bot.panel.pace import Pace
from bot.panel.post import LivePost
from media.consent import Consent
from media.utterance import Grade, Utterance
from media.whisper.status import Mode
from moderation import effects as fx
from moderation.store import caption_lines, posts
from moderation.store.database import StoreError

log = logging.getLogger(__name__)

POST, THREAD, LEFT = "captions", "captions_thread", "captions_left"
"""Kinds of posts in the record; the last is a live post that has to go (``left``)."""

RECENT = 40
"""Utterances kept for the live post."""

LAG_S, LAG_STEP_S = 5.0, 5.0
"""Lag from which captions say that they are late, and in what steps."""


class Captions:
    """Shows what is said in one Space."""

    def __init__(self, house: House, room: Captioned, pace: Pace) -> None:
        self._house = house
        self._room = room
        self._pace = pace
        self._recent: dict[str, Utterance] = {}
        self._unwritten: list[Utterance] = []
        self._post: LivePost | None = None
        self._thread: discord.PartialMessageable | None = None
        self._writing: asyncio.Task[None] | None = None
        self._wanted = False
        self._sending: asyncio.Task[None] | None = None

    @property
    def thread_id(self) -> int | None:
        """The thread's id, once there is one."""
        return None if self._thread is None else self._thread.id

    async def start(self, chosen: int | None) -> None:
        """Show captions from now on; ``chosen``: text channel for the history."""
        if self._wanted:
            return
        self._wanted = True
        room, store = self._room, self._house.store
        known = await store.read(lambda db: posts.of_space(db, room.space_id))
        if THREAD in known:
            self._thread = self._at(known[THREAD].message_id)
        else:
            await self._open(chosen)
        if POST in known:  # an earlier process wrote it: its lines stay
            recalled = room.talk.recent()
            self._recent = {one.id: one for one in recalled[-RECENT:]}
            self._unwritten += await self._not_written(recalled)
        self._post = LivePost(
            room.venue.channel,
            self._render,
            message_id=known[POST].message_id if POST in known else None,
            on_posted=self._keep_post,
            pace=self._pace,
        )
        self._post.start()
        self._writing = asyncio.create_task(self._write_on(), name="captions")
        room.ears.follow(True)

    async def stop(self) -> None:
        """Write what is left down and say in the post that captions are over."""
        if not self._wanted:
            return
        self._wanted = False
        self._room.ears.follow(False)
        await self._write_the_last()
        self._recent.clear()
        post, self._post = self._post, None
        if post is not None and not await post.finish() and post.message_id:
            try:
                await self._keep_post(post.message_id, LEFT)
            except StoreError as error:
                log.error("space %s: captions: %s", self._room.space_id, error)
                return  # it goes when the Space is over
        await self._forget(POST)

    async def suspend(self) -> None:
        """Stop without saying that captions are over: the next process goes on."""
        await self._write_the_last()
        if self._post is not None:
            await self._post.finish()

    def said(self, said: Utterance) -> None:
        """Take an utterance, certain or not."""
        if not self._wanted or not self._allows(said.user_id):
            return
        if said.grade is not Grade.PARTIAL:
            self._unwritten.append(said)
            self._forget_partials(said.user_id)
        self._recent.pop(said.id, None)
        self._recent[said.id] = said
        while len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        self.touch()

    async def forget(self, user_id: int) -> None:
        """Show and write nothing more that a member has said until now."""
        if self._sending is not None:  # what is on its way may hold their lines
            await asyncio.gather(self._sending, return_exceptions=True)
        self._unwritten = [one for one in self._unwritten if one.user_id != user_id]
        self._recent = {
            name: one for name, one in self._recent.items() if one.user_id != user_id
        }
        self.touch()

    def touch(self) -> None:
        """Say that what is shown may have changed."""
        if self._post is not None:
            self._post.touch()

    def _allows(self, user_id: int) -> bool:
        level = self._room.ears.consents.get(user_id, Consent.NOTHING)
        return level >= Consent.TRANSCRIPT

    def _forget_partials(self, user_id: int) -> None:
        self._recent = {
            name: one
            for name, one in self._recent.items()
            if one.user_id != user_id or one.grade is not Grade.PARTIAL
        }

    def _render(self) -> Words:
        say, at = self._room.say, self.thread_id
        if not self._wanted:
            key = "captions.over" if at is None else "captions.over_thread"
            return Words(say(key, {"history_channel": at}))
        key = "captions.head" if at is None else "captions.head_thread"
        lines = [say(key, {"history_channel": at})]
        shown = [one for one in self._recent.values() if self._allows(one.user_id)]
        now = self._room.talk.space_time()
        lines += newest(shown, self._room.names, now) or [say("captions.empty")]
        return Words("\n".join([*lines, *self._trouble()]))

    def _trouble(self) -> list[str]:
        """Say why captions are late or missing; nothing where all is well."""
        status = self._room.recogniser()
        if status is None:
            return []
        if status.mode is Mode.FINAL_ONLY or status.mode is Mode.TALK_TIME_ONLY:
            return [self._room.say(f"captions.{status.mode.name.lower()}")]
        if status.lag_s >= LAG_S:
            late = LAG_STEP_S * (status.lag_s // LAG_STEP_S)
            return [self._room.say("captions.late", {"lag_s": late})]
        return []

    async def _open(self, chosen: int | None) -> None:
        room = self._room
        channel = history.home(room.venue.channel, chosen)
        if channel is None:
            keys = " ".join(f"permission.{name}" for name in history.NEEDS)
            params: fx.Params = {"permission_keys": keys}
            room.perform([fx.TellHosts("captions.no_home", params=params)])
            return
        try:
            thread = await history.open_thread(channel, room.say("captions.name"))
        except FAULTS as error:
            log.warning("space %s: no thread: %s", room.space_id, named(error))
            room.perform([fx.TellHosts("captions.no_thread")])
            return
        self._thread = self._at(thread.id)
        space_id, parent, at = room.space_id, channel.id, thread.id
        await self._house.store.write(
            lambda db: posts.keep(db, space_id, THREAD, parent, at)
        )

    def _at(self, thread_id: int) -> discord.PartialMessageable:
        guild_id = self._room.venue.channel.guild.id
        return self._house.client.get_partial_messageable(thread_id, guild_id=guild_id)

    async def _write_on(self) -> None:
        while True:
            await asyncio.sleep(history.EVERY_S)
            # Never cut off on its way: nobody would know what of it stands there.
            self._sending = asyncio.create_task(self._write(), name="captions-write")
            await asyncio.shield(self._sending)

    async def _write_the_last(self) -> None:
        if self._writing is None:
            return
        self._writing.cancel()
        await asyncio.gather(self._writing, return_exceptions=True)
        self._writing = None
        if self._sending is not None:
            await asyncio.gather(self._sending, return_exceptions=True)
        await self._write()

    async def _write(self) -> None:
        """Put what was said since the last time into the thread."""
        waiting, self._unwritten = self._unwritten, []
        if self._thread is None:
            return
        allowed = [one for one in waiting if self._allows(one.user_id)]
        left = sorted(allowed, key=lambda one: (one.start, one.end))
        done = 0
        for page in pages(list(left), self._room.names):
            try:
                message = await self._thread.send(
                    page.text,
                    allowed_mentions=discord.AllowedMentions.none(),
                    suppress_embeds=True,
                )
            except FAULTS as error:
                log.warning("space %s: captions: %s", self._room.space_id, named(error))
                if passes(error):
                    break
                if isinstance(error, discord.NotFound | discord.Forbidden):
                    await self._lose_thread()
                    return
            else:
                owners = [(one.user_id, one.id) for one in page.lines]
                await self._note(message.id, owners)
            del left[: page.ended - done]
            done = page.ended
        self._unwritten = [*left, *self._unwritten]

    async def _note(self, message_id: int, lines: Sequence[tuple[int, str]]) -> None:
        """Note whose lines a message holds: they may have to go when words are gone."""
        space_id, thread_id = self._room.space_id, self.thread_id
        if thread_id is None:
            return
        try:
            await self._house.store.write(
                lambda db: caption_lines.keep(
                    db, space_id, thread_id, message_id, lines
                )
            )
        except StoreError as error:
            log.error("space %s: captions: %s", space_id, error)

    async def _lose_thread(self) -> None:
        """Write to the thread no more: it is gone or closed; the hosts hear of it."""
        self._thread = None
        self._room.perform([fx.TellHosts("captions.thread_closed")])
        await self._forget(THREAD)

    async def _forget(self, kind: str) -> None:
        space_id = self._room.space_id
        try:
            await self._house.store.write(lambda db: posts.forget(db, space_id, kind))
        except StoreError as error:
            log.error("space %s: captions: %s", space_id, error)

    async def _not_written(self, recalled: Sequence[Utterance]) -> list[Utterance]:
        """Return what an earlier process did not live to put into the thread."""
        if self._thread is None:
            return []
        try:
            message_id, there = await history.newest(
                self._thread, self._house.client.user
            )
        except FAULTS as error:
            log.warning("space %s: captions: %s", self._room.space_id, named(error))
            return []
        said = sorted(recalled, key=lambda one: (one.start, one.end))
        shown = [(one, whole(one, self._room.names)) for one in said]
        if message_id:  # killed before it was noted, perhaps
            await self._note(message_id, history.owners(there, shown))
        written = [
            number
            for number, (_, lines) in enumerate(shown, 1)
            if any(each in there for each in lines[-1:])
        ]
        return said[written[-1] :] if written else []

    async def _keep_post(self, message_id: int, kind: str = POST) -> None:
        space_id, channel_id = self._room.space_id, self._room.venue.channel.id
        await self._house.store.write(
            lambda db: posts.keep(db, space_id, kind, channel_id, message_id)
        )
