"""Cards as Discord takes and refuses them, on the stand-in."""

import asyncio

import discord
import pytest

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.planning.card import Shown
from bot.planning.cardport import CardGoneError, CardRefusedError, DiscordCards
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.server import StandIn
from tests.bot.guild import bot_on, until

NONCE = "n" * 24


def shown(text):
    return Shown(text, row(SpaceButton(Press("plan_remind", 4, NONCE), "Remind me")))


async def why(call):
    """Return the key of why a card is not shown."""
    with pytest.raises((CardGoneError, CardRefusedError)) as refused:
        await call
    return refused.value.key, isinstance(refused.value, CardGoneError)


def test_a_card_is_posted_found_edited_and_refused(tmp_path):
    """In a thread that is archived, without permission, deleted, without a channel."""

    async def main():
        async with StandIn() as stand_in, bot_on(stand_in, tmp_path) as bot:
            cards, world = DiscordCards(bot.client), stand_in.world
            channel = bot.client.get_channel(stand_in.text_channel_id)
            start = await channel.send("Here")
            thread = await start.create_thread(name="Plans")
            card_id = await cards.post(thread.id, shown("@everyone **Tea**"), NONCE)
            card = world.messages[thread.id][card_id]
            assert not card["mention_everyone"]
            began = discord.utils.snowflake_time(card_id).timestamp()
            assert await cards.find(thread.id, NONCE, began) == card_id
            assert await cards.find(thread.id, "m" * 24, began) is None

            await thread.edit(archived=True)
            await cards.edit(thread.id, card_id, Shown("Called off", None))
            assert (card["content"], card["components"]) == ("Called off", [])
            assert not world.guild.threads[thread.id].archived
            there = world.guild.threads[thread.id]
            there.archived = there.locked = True
            edit = cards.edit(thread.id, card_id, shown("Tea"))
            assert await why(edit) == ("plan.unseen.archived", False)

            await start.delete()
            gone = cards.edit(channel.id, start.id, shown("Tea"))
            assert await why(gone) == ("plan.unseen.deleted", True)

            await forbid(stand_in, bot)
            closed = cards.post(channel.id, shown("Tea"), NONCE)
            assert await why(closed) == ("plan.unseen.may_not", False)

            nowhere = cards.post(1, shown("Tea"), NONCE)
            assert await why(nowhere) == ("plan.unseen.no_channel", True)

    asyncio.run(main())


async def forbid(stand_in, bot):
    """Take from everybody's role what the bot needs to write."""
    everyone = stand_in.world.guild.roles[stand_in.world.guild.id]
    everyone.permissions &= ~(Permission.SEND_MESSAGES | Permission.ADMINISTRATOR)
    for role in stand_in.world.guild.roles.values():
        role.permissions &= ~(Permission.SEND_MESSAGES | Permission.ADMINISTRATOR)
    await until(lambda: bot.client.is_ready())
