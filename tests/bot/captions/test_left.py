"""Live posts that were left with lines in them."""

import asyncio
from types import SimpleNamespace

import discord
import pytest

from bot.captions.captions import LEFT, POST, THREAD
from bot.captions.left import LeftPosts
from moderation.store import posts, spaces
from moderation.store.database import Store


class Discord:
    """Messages that are deleted, or not."""

    def __init__(self, error=None):
        self.error, self.deleted = error, []

    def get_partial_messageable(self, channel_id):
        return SimpleNamespace(
            get_partial_message=lambda message_id: SimpleNamespace(
                delete=lambda: self._delete(channel_id, message_id)
            )
        )

    async def _delete(self, *which):
        if self.error is not None:
            raise self.error
        self.deleted.append(which)


def fill(db):
    """Put two Spaces on record: one that is over, one that goes on."""
    for space_id in (1, 2):
        new = spaces.NewSpace(
            guild_id=3, channel_id=4, host_id=1, kind="voice", topic="", opened_at=0
        )
        spaces.create(db, new)
        for number, kind in enumerate((POST, THREAD), 1):
            posts.keep(db, space_id, kind, 40, 10 * space_id + number)
    posts.keep(db, 2, LEFT, 40, 29)
    spaces.end(db, 1, 9.0)


def looked(place):
    """Look twice; return which kinds of posts are known of each Space then."""

    async def main():
        async with Store(":memory:") as store:
            await store.write(fill)
            for _ in range(2):
                await LeftPosts(place, store).look()
            return [
                set(await store.read(lambda db, one=one: posts.of_space(db, one)))
                for one in (1, 2)
            ]

    return asyncio.run(main())


def test_what_was_left_is_deleted_once():
    """The post of a Space that is over, and one that was left; no other."""
    place = Discord()

    assert looked(place) == [{THREAD}, {THREAD, POST}]
    assert place.deleted == [(40, 11), (40, 29)]


def http(kind, status):
    return kind(SimpleNamespace(status=status, reason=""), "")


@pytest.mark.parametrize(
    ("error", "there"),
    [
        (http(discord.NotFound, 404), False),
        (http(discord.Forbidden, 403), True),
        (ConnectionResetError(104, "gone"), True),
    ],
)
def test_what_discord_refuses_is_tried_again(error, there):
    """What somebody deleted is not."""
    over, live = looked(Discord(error))

    assert (POST in over, LEFT in live) == (there, there)
