"""A plan's public places on the stand-in: one thread on its card, whatever happens."""

import asyncio

from bot.planning.posting import IN_THREAD, PostPlaces
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import threads
from moderation.store import cards, guilds
from moderation.store.cards import CardRow
from scheduler.clockwork import records
from scheduler.plans import Plan
from tests.bot.guild import bot_on, until


async def planned(stand_in, bot, card_id):
    """Keep a plan whose card is that message."""
    text_id = stand_in.text_channel_id
    plan = Plan(
        guild_id=stand_in.world.guild.id,
        channel_id=stand_in.stage_channel_id,
        host_id=3,
        topic="Tea & cake",
        starts_at=2e9,
        minutes=60,
        post_channel_id=text_id,
    )

    def keep(db):
        kept = records.keep(db, plan)
        cards.ask(db, kept.id, text_id, 2e9)
        row = CardRow(
            plan_id=kept.id, channel_id=text_id, starts_at=2e9, message_id=card_id
        )
        cards.keep(db, row)
        return kept

    return await bot.store.write(keep)


def test_a_plan_has_one_reminder_thread(tmp_path):
    """For many messages at once and out of the archive; none that was deleted."""

    async def main():
        async with StandIn() as stand_in, bot_on(stand_in, tmp_path) as bot:
            world, text_id = stand_in.world, stand_in.text_channel_id
            card = await bot.client.get_channel(text_id).send("The card")
            plan = await planned(stand_in, bot, card.id)
            places = PostPlaces(bot.client, bot.store, in_thread=True)
            room = [text_id, stand_in.stage_channel_id]

            async def ids(*, reminder=True, make=True):
                found = await places.of(plan, reminder=reminder, make=make)
                return [place.id for place in found]

            # To look for a message opens nothing; what is for the host is no reminder.
            assert await ids(make=False) == room
            assert await ids(reminder=False) == room
            assert world.guild.threads == {}

            many = await asyncio.gather(*(ids() for _ in range(4)))
            assert many == [[card.id, *room]] * 4
            assert list(world.guild.threads) == [card.id]
            thread = world.guild.threads[card.id]
            assert thread.name == "Tea & cake"
            assert await ids() == [card.id, *room]

            thread.archived = True
            world.announce("THREAD_UPDATE", thread.to_json())
            guild = bot.client.get_guild(plan.guild_id)
            await until(lambda: guild.get_thread(card.id) is None)
            assert await ids(make=False) == [card.id, *room]

            elena = stand_in.member("Elena").id
            threads.delete(world, elena, thread)
            assert await ids() == room

            settings = {IN_THREAD: False}
            await bot.store.write(
                lambda db: guilds.set_settings(db, plan.guild_id, settings)
            )
            assert await ids() == room

    asyncio.run(main())
