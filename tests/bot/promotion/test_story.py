"""From the announcement to the replay, and what is deleted on the way."""

import asyncio
import json

from bot.rehearsal.standin.world import ranks, rooms
from bot.rehearsal.standin.world.drafts import EPHEMERAL
from moderation.store import tracks
from scheduler.clockwork import records
from scheduler.plans import PlanState
from tests.bot.guild import bot_on, until
from tests.bot.promotion.test_promotion import (
    SEED,
    StandIn,
    named,
    planned,
    posts,
    promoting,
    said,
)


async def announced(stand_in, who, *names, role=None):
    """Announce plan 1 in these channels, in Spanish, and at once."""
    for name in names:
        channel = named(stand_in.world.guild.channels, name)
        more = {} if role is None else {"role": str(role.id)}
        options = {"channel": str(channel.id), "language": "es"} | more
        await said(stand_in, who, "promo channel-add", **options)
    form = await stand_in.member(who).command(
        "promo plan", {"plan": 1}, channel_id=stand_in.text_channel_id
    )
    await until(lambda: form.modal is not None)
    lines = [one["component"]["custom_id"] for one in form.modal["components"]]
    empty = dict.fromkeys(lines, "")
    filled = await stand_in.member(who).fill(form, empty)
    await until(lambda: filled.original_id is not None)


async def states(bot):
    """Return the states of all plans."""
    return await bot.store.read(
        lambda db: [
            records.get(db, plan_id).state
            for (plan_id,) in db.execute("SELECT id FROM plans ORDER BY id")
        ]
    )


def pressed(message, verb):
    """Return the id of a button on a message."""
    for row in message["components"]:
        for one in row["components"]:
            if f":{verb}:" in one["custom_id"]:
                return one["custom_id"]
    raise LookupError(verb)


def test_live_now_becomes_the_replay_and_a_guest_has_a_seat(tmp_path):
    """One post all along; who takes no private messages is asked in the channel."""

    async def main():
        async with promoting(tmp_path) as (stand_in, bot):
            await until(lambda: stand_in.world.commands)
            david, emma = stand_in.member("David"), stand_in.member("Emma")
            emma.refuse_direct()
            await planned(stand_in, "David", "in 20 minutes")
            await announced(stand_in, "Elena", "news")
            await said(
                stand_in, "David", "host guest-invite", plan=1, member=str(emma.id)
            )
            asked = await stand_in.sightings.message(
                lambda m: "guest_yes" in json.dumps(m["components"]), "the invitation"
            )
            assert int(asked["channel_id"]) == stand_in.text_channel_id
            assert [one["id"] for one in asked["mentions"]] == [str(emma.id)]
            await emma.click(int(asked["id"]), pressed(asked, "guest_yes"))
            await stand_in.sightings.message(
                lambda m: "Thank you!" in m["content"], "the answer"
            )

            for member in (david, emma):
                await member.join(stand_in.voice_channel_id)
            await said(
                stand_in, "David", "space start", topic="The survey", language="en"
            )
            (room,) = bot.rooms.live()
            await until(lambda: room.space.is_called(emma.id))
            news = named(stand_in.world.guild.channels, "news").id
            await until(lambda: posts(stand_in, news))
            (post,) = posts(stand_in, news)
            assert "En directo" in post["content"]

            track = tracks.NewTrack(space_id=room.space_id, path="x", start=0.0)
            await bot.store.write(lambda db: tracks.begin(db, track))
            await said(stand_in, "David", "space end")
            await until(lambda: "ha terminado" in post["content"])
            assert len(posts(stand_in, news)) == 1
            assert post["flags"] & 1  # crossposted
            frank = stand_in.member("Frank")
            sent = await frank.click(int(post["id"]), pressed(post, "promo_replay"))
            await until(lambda: sent.original_id is not None)
            answer = frank.seen(sent.original_id)
            assert "not public" in answer["content"]
            assert answer["flags"] & EPHEMERAL

    asyncio.run(main())


def test_what_is_deleted_while_the_bot_is_off(tmp_path):
    """A room, a role and an announcement channel; later the whole guild, and back."""

    async def main():
        async with StandIn(SEED) as stand_in:
            world, elena = stand_in.world, stand_in.member("Elena").id
            fans = named(world.guild.roles, "Fans")
            second = named(world.guild.channels, "voice 2")
            news = named(world.guild.channels, "news").id
            async with bot_on(stand_in, tmp_path) as bot:
                await until(lambda: world.commands)
                await planned(stand_in, "David")
                await announced(stand_in, "Elena", "news", "announcements", role=fans)
                await planned(stand_in, "Emma", "in 3 hours", second.id)

            ranks.delete(world, elena, fans.id)
            for name in ("voice 2", "announcements"):
                channel = named(world.guild.channels, name)
                rooms.delete(world, elena, channel)

            async with bot_on(stand_in, tmp_path) as bot:
                gone = await stand_in.sightings.message(
                    lambda m: "its channel is gone" in m["content"], "word to the host"
                )
                assert int(gone["channel_id"]) in world.direct
                assert await states(bot) == [
                    PlanState.SCHEDULED,
                    PlanState.CANCELLED,
                ]
                await said(stand_in, "Elena", "promo send-now", plan=1)
                await until(lambda: posts(stand_in, news))
                (post,) = posts(stand_in, news)
                assert post["mention_roles"] == []
                shown = await said(stand_in, "Elena", "promo preview", plan=1)
                assert "gone" in shown

                guild = bot.client.get_guild(stand_in.guild_id)
                bot.client.dispatch("guild_remove", guild)
                await until(lambda: "queda cancelado" in post["content"])
                assert (await states(bot))[0] is PlanState.CANCELLED
                bot.client.dispatch("guild_join", guild)
                await planned(stand_in, "David")
                assert await states(bot) == [
                    PlanState.CANCELLED,
                    PlanState.CANCELLED,
                    PlanState.SCHEDULED,
                ]

    asyncio.run(main())
