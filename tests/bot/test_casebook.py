"""Order between Spaces, on the loopback."""

import asyncio

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.seed import MemberSeed, RoleSeed, Seed
from moderation.settings import RoomKind
from tests.bot.guild import ANA, HOST, LUIS, PEOPLE, Stage, bot_on, place, until

MOD = "Mia"
MODERATOR = RoleSeed("moderator", Permission.MUTE_MEMBERS | Permission.MOVE_MEMBERS)


def test_a_ban_needs_no_live_space_and_holds_in_the_next(tmp_path):
    """Moderators ban, note, read and let off at any time; members do not."""
    people = (*PEOPLE, MemberSeed(MOD, roles=(MODERATOR.name,)))

    async def main():
        seed = Seed(members=people, roles=(MODERATOR,))
        async with place(seed) as standin, bot_on(standin, tmp_path) as bot:
            stage = Stage(standin, bot, RoomKind.VOICE)
            ana = str(stage.member(ANA).id)
            said = [await stage.command(ANA, "mod ban", member=ana)]
            said.append(await stage.command(MOD, "mod unban", member=ana))
            said.append(await stage.command(MOD, "mod ban", member=ana, reason="spam"))
            await stage.command(MOD, "mod note", member=ana, text="twice")
            said.append(await stage.command(MOD, "mod history", member=ana))
            await stage.enter(HOST)
            room = await stage.opened()
            await stage.enter(ANA)
            await until(lambda: stage.member(ANA).voice is None)
            await stage.command(HOST, "space end")
            await room.ended()
            said.append(await stage.command(MOD, "mod unban", member=ana))
            await stage.enter(HOST)
            again = await stage.opened()
            await stage.enter(ANA)
            await until(lambda: again.observe().space.present == 2)
            return said, int(ana)

    said, ana = asyncio.run(main())

    assert said[0].startswith("No Space is live here.")
    assert said[1] == f"<@{ana}> is not banned."
    assert said[2] == f"Done. <@{ana}> may not enter the Spaces of this server."
    assert ["twice" in line or "spam" in line for line in said[3].split("\n")] == [
        True,
        True,
    ]
    assert said[4].endswith("may enter the Spaces of this server again.")


def test_a_ban_in_one_space_holds_in_another_that_is_live(tmp_path):
    """It is the guild's, and so is letting off."""

    async def main():
        seed = Seed(members=PEOPLE)
        async with place(seed) as standin, bot_on(standin, tmp_path) as bot:
            voice = Stage(standin, bot, RoomKind.VOICE)
            stage = Stage(standin, bot, RoomKind.STAGE)
            await voice.enter(HOST)
            await voice.opened()
            await stage.enter(LUIS)
            await stage.command(LUIS, "space start", topic="Bees")
            ana = str(voice.member(ANA).id)
            await voice.command(HOST, "mod ban", member=ana)
            await stage.enter(ANA)
            await until(lambda: stage.member(ANA).voice is None)
            await voice.command(HOST, "mod undo", number=1)
            await stage.enter(ANA)
            other = bot.rooms.in_channel(stage.channel_id)
            await until(lambda: other.observe().space.present == 2)
            return True

    assert asyncio.run(main())
