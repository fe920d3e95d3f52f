"""Announcements and guests against the stand-in, with the real discord.py."""

import asyncio
import contextlib
import json

from bot import config as configuration
from bot.rehearsal.standin.seed import ROOMS, ChannelSeed, RoleSeed, Seed
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world.channels import ChannelType
from tests.bot.guild import bot_on, until

SEED = Seed(
    roles=(RoleSeed("Fans"),),
    channels=(*ROOMS, ChannelSeed("news", ChannelType.ANNOUNCEMENT)),
)


@contextlib.asynccontextmanager
async def promoting(tmp_path):
    """Give a stand-in with an announcement channel, and a bot on it."""
    config = configuration.parse(
        {"speech": {"model": ""}, "scheduler": {"look_s": 0.2}}
    )
    async with StandIn(SEED) as stand_in, bot_on(stand_in, tmp_path, config) as bot:
        yield stand_in, bot


def named(shelf, name):
    return next(one for one in shelf.values() if one.name == name)


async def said(stand_in, who, command, **options):
    """Run a command and return its answer."""
    sent = await stand_in.member(who).command(
        command, options, channel_id=stand_in.text_channel_id
    )
    await until(lambda: sent.original_id is not None and not sent.loading)
    return stand_in.member(who).seen(sent.original_id)["content"]


async def planned(stand_in, host, when="in 2 hours", channel_id=None):
    member = stand_in.member(host)
    sent = await member.command(
        "space schedule",
        {
            "topic": "The survey",
            "when": when,
            "channel": str(channel_id or stand_in.voice_channel_id),
        },
        channel_id=stand_in.text_channel_id,
    )
    await until(lambda: sent.original_id is not None and not sent.loading)
    asked = member.seen(sent.original_id)
    confirm = asked["components"][0]["components"][0]["custom_id"]
    await member.click(int(asked["id"]), confirm)
    await until(lambda: not asked["components"])


def posts(stand_in, channel_id):
    return list(stand_in.world.messages.get(channel_id, {}).values())


def test_an_announcement_is_crossposted_pings_nobody_and_is_called_off(tmp_path):
    """From the channel to the post, and in place when the plan is cancelled."""

    async def main():
        async with promoting(tmp_path) as (stand_in, _):
            news = named(stand_in.world.guild.channels, "news")
            fans = named(stand_in.world.guild.roles, "Fans")
            await until(lambda: stand_in.world.commands)
            added = await said(
                stand_in,
                "Elena",
                "promo channel-add",
                channel=str(news.id),
                language="es",
                role=str(fans.id),
            )
            assert f"<#{news.id}>" in added
            await planned(stand_in, "Elena")
            form = await stand_in.member("Elena").command(
                "promo plan", {"plan": 1}, channel_id=stand_in.text_channel_id
            )
            await until(lambda: form.modal is not None)
            lines = [one["component"]["custom_id"] for one in form.modal["components"]]
            typed = ["", "Ven a @everyone", "", ""]
            filled = await stand_in.member("Elena").fill(
                form, dict(zip(lines, typed, strict=True))
            )
            await until(lambda: filled.original_id is not None)
            shown = stand_in.member("Elena").seen(filled.original_id)["content"]
            assert "Poco" in shown
            assert "Ven a" in shown
            await said(stand_in, "Elena", "promo send-now", plan=1)
            await until(lambda: posts(stand_in, news.id))
            (post,) = posts(stand_in, news.id)
            await until(lambda: post["flags"] & 1)
            assert "The survey" in post["content"]
            assert (post["mention_roles"], post["mention_everyone"]) == ([], False)
            assert "plan_remind" in json.dumps(post["components"])
            await said(stand_in, "Elena", "space cancel", plan=1, reason="gripe")
            await until(lambda: "queda cancelado." in post["content"])
            assert "gripe" in post["content"]
            assert len(posts(stand_in, news.id)) == 1
            nonsense = [
                await said(stand_in, "Elena", "promo channel-remove", place=place)
                for place in ("9" * 40, "٣", "news")
            ]
            assert set(nonsense) == {"Allí no se anunciaba nada."}

    asyncio.run(main())


def test_a_guest_is_asked_confirms_and_shows_on_the_board(tmp_path):
    """In private, by button; the host sees it, and nobody is unconfirmed any more."""

    async def main():
        async with promoting(tmp_path) as (stand_in, bot):
            await until(lambda: stand_in.world.commands)
            await planned(stand_in, "David")
            emma = stand_in.member("Emma")
            board = await said(
                stand_in, "David", "host guest-invite", plan=1, member=str(emma.id)
            )
            assert f"⏳ <@{emma.id}>" in board
            guestbook = bot.promotion.guestbook
            assert await guestbook.unconfirmed(1) == [emma.id]
            asked = await stand_in.sightings.message(
                lambda m: "guest_yes" in json.dumps(m["components"]), "the invitation"
            )
            assert int(asked["channel_id"]) in stand_in.world.direct
            yes = asked["components"][0]["components"][0]["custom_id"]
            await emma.click(int(asked["id"]), yes)
            await stand_in.sightings.message(
                lambda m: "Thank you!" in m["content"], "the answer"
            )
            assert await guestbook.unconfirmed(1) == []
            board = await said(stand_in, "David", "host guest-board", plan=1)
            assert f"✅ <@{emma.id}> is coming" in board

    asyncio.run(main())
