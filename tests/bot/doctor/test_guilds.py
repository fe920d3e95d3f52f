"""The doctor's look at Discord, against the stand-in."""

import asyncio

from bot.config import Config, parse
from bot.doctor import guilds
from bot.doctor.check import Verdict
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.seed import ChannelSeed, Seed
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world.channels import ChannelType
from tests.bot.guild import hurried


def look(seed=None, *, token=None, config=None):
    """Return what the doctor says of a guild, by name."""

    async def main():
        async with StandIn(seed) as stand_in:
            return await guilds.look(
                hurried(config or Config(), ""),
                token or stand_in.token,
                stand_in.connector(),
            )

    return {check.name: check for check in asyncio.run(main())}


def test_a_healthy_guild_has_nothing_to_do():
    """Token, intents, clock and every channel are looked at."""
    checks = look()

    assert {check.verdict for check in checks.values()} == {Verdict.OK}
    assert {"token", "intents", "clock", "#stage in La Tertulia"} <= checks.keys()


def test_a_refused_token_says_where_to_get_another():
    """Nothing else is looked at then."""
    checks = look(token="not.the.token")

    assert list(checks) == ["token"]
    assert checks["token"].verdict is Verdict.FAILURE
    assert "developer portal" in checks["token"].remedy


def test_a_missing_permission_is_named_with_its_channel():
    """The organiser reads what to grant, and where."""
    lacking = Seed().bot_permissions & ~Permission.MUTE_MEMBERS

    checks = look(
        Seed(
            bot_permissions=lacking,
            everyone=Seed().everyone & ~Permission.MUTE_MEMBERS,
            channels=(ChannelSeed("stage", ChannelType.STAGE),),
        )
    )

    check = checks["#stage in La Tertulia"]
    assert check.verdict is Verdict.WARNING
    assert check.seen == "missing: Mute Members"


def test_message_content_is_checked_where_it_is_asked_for():
    """Discord says in the application's flags whether it is on."""
    wants = parse({"discord": {"message_content": True}})

    checks = look(config=wants)

    assert "message content" in checks["intents"].seen
