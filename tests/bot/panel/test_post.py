"""One message, edited in place."""

import asyncio
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.panel.pace import Pace
from bot.panel.post import Content, LivePost
from moderation.store.database import StoreError
from tests.bot.waiting import until


class Message:
    """A message that can be edited, until somebody deletes it."""

    def __init__(self, channel, number):
        self.channel, self.id = channel, number

    async def edit(self, **shown):
        if self.channel.faults:
            raise self.channel.faults.pop()
        if self.id in self.channel.deleted:
            raise discord.NotFound(SimpleNamespace(status=404, reason="gone"), "gone")
        self.channel.edits.append(shown["embed"].title)


class Channel:
    """A channel that counts what is sent and edited."""

    def __init__(self):
        self.sent, self.edits, self.deleted, self.faults = [], [], set(), []

    async def send(self, *, content, embed, view):
        assert view is not None
        assert content is None
        self.sent.append(embed.title)
        return Message(self, len(self.sent))

    def get_partial_message(self, number):
        return Message(self, number)


def follow(play, pace_s=0.0):
    """Run ``play(channel, show, post)`` over a post that shows ``show``'s title."""
    channel, shown, kept = Channel(), SimpleNamespace(title="one"), []

    async def keep(message_id):
        kept.append(message_id)

    async def main():
        live = LivePost(
            channel,
            lambda: Content(discord.Embed(title=shown.title)),
            on_posted=keep,
            pace=Pace(pace_s),
        )
        live.start()
        await until(lambda: kept)
        await play(channel, shown, live)
        await live.finish()

    asyncio.run(main())
    return channel, kept


def test_it_is_posted_once_and_its_id_is_kept():
    """The first state is a message; its id outlives the process."""

    async def play(_channel, _shown, _live):
        """Change nothing."""

    channel, kept = follow(play)

    assert (channel.sent, channel.edits, kept) == (["one"], [], [1])


def test_many_changes_become_one_edit():
    """Between two edits only the newest content counts."""

    async def play(_channel, shown, live):
        for title in ("two", "three", "four"):
            shown.title = title
            live.touch()
        await asyncio.sleep(0.12)

    channel, _ = follow(play, 0.05)

    assert channel.edits == ["four"]


def test_what_looks_the_same_is_not_sent():
    """A touch without a change costs nothing."""

    async def play(_channel, _shown, live):
        for _ in range(5):
            live.touch()
            await asyncio.sleep(0.005)

    channel, _ = follow(play)

    assert channel.edits == []


def test_a_deleted_message_is_posted_again():
    """Whoever deletes the panel gets it back with the next change."""

    async def play(channel, shown, _live):
        channel.deleted.add(1)
        shown.title = "two"

    channel, kept = follow(play)

    assert channel.sent == ["one", "two"]
    assert kept == [1, 2]


def test_what_is_on_its_way_is_not_sent_twice():
    """It ends while Discord has not answered yet: one message, not two."""

    async def main():
        channel, kept = Channel(), []
        asked, answered = asyncio.Event(), asyncio.Event()
        send = channel.send

        async def slowly(**shown):
            message = await send(**shown)
            asked.set()
            await answered.wait()
            return message

        async def keep(message_id):
            kept.append(message_id)

        channel.send = slowly
        live = LivePost(
            channel, lambda: Content(discord.Embed(title="one")), on_posted=keep
        )
        live.start()
        await asked.wait()
        finishing = asyncio.create_task(live.finish())
        await asyncio.sleep(0.01)
        answered.set()
        await finishing
        return channel.sent, kept

    assert asyncio.run(main()) == (["one"], [1])


@pytest.mark.parametrize(
    ("fault", "comes"),
    [
        (ConnectionResetError(104, "gone"), True),
        (aiohttp.ServerDisconnectedError(), True),
        (discord.DiscordServerError(SimpleNamespace(status=503, reason=""), ""), True),
        (discord.Forbidden(SimpleNamespace(status=403, reason=""), ""), False),
    ],
)
def test_what_did_not_get_through_is_tried_again(fault, comes):
    """A network that is gone for a moment ends no panel; a no is not asked again."""

    async def play(channel, shown, live):
        channel.faults.append(fault)
        shown.title = "two"
        live.touch()
        await until(lambda: not channel.faults)
        if comes:
            await until(lambda: channel.edits == ["two"])
        shown.title = "three"
        live.touch()
        await until(lambda: "three" in channel.edits)

    channel, _ = follow(play)

    assert channel.edits == (["two", "three"] if comes else ["three"])


def test_an_id_that_could_not_be_kept_is_kept_later():
    """Else the next process would post beside the message."""
    full, kept = [StoreError("disk full")], []

    async def keep(message_id):
        if full:
            raise full.pop()
        kept.append(message_id)

    async def main():
        channel = Channel()
        live = LivePost(
            channel,
            lambda: Content(discord.Embed(title="one")),
            on_posted=keep,
            pace=Pace(0.0),
        )
        live.start()
        await until(lambda: not full)
        await live.finish()
        return channel.sent

    assert asyncio.run(main()) == ["one"]
    assert kept == [1]
