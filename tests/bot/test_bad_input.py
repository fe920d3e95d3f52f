"""What goes wrong at people's hands: one sentence each, nothing done, all on record."""

import asyncio

from bot.rehearsal.standin.permissions import SPACES_BOT, Permission
from bot.rehearsal.standin.seed import MemberSeed, Seed
from moderation.settings import RoomKind
from moderation.store import spaces
from tests.bot.guild import (
    ANA,
    EVA,
    HOST,
    LUIS,
    PEOPLE,
    Stage,
    bot_on,
    place,
    refused,
    run,
    until,
)


async def kept(stage, many):
    """Return who was refused what and why, oldest first."""
    names = {stage.member(name).id: name for name in stage.standin.members}
    return [
        (names[row.actor_id], row.body["wish"], row.subject)
        for row in await refused(stage, many)
    ]


def test_a_room_that_cannot_be_opened_says_what_is_missing(tmp_path):
    """The kind of channel, Community, the bot's permission: each in one's language."""
    may = SPACES_BOT & ~(Permission.MUTE_MEMBERS | Permission.MOVE_MEMBERS)
    seed = Seed(members=PEOPLE, community=False, bot_permissions=may)

    async def main():
        async with place(seed) as standin, bot_on(standin, tmp_path) as bot:
            on_stage = Stage(standin, bot, RoomKind.STAGE)
            in_voice = Stage(standin, bot, RoomKind.VOICE)
            text = next(iter(standin.world.guild.channels))
            await on_stage.enter(HOST)
            await in_voice.enter(EVA)
            sent = await on_stage.member(LUIS).command(
                "space start", {"topic": "Bees"}, channel_id=text
            )
            said = [await on_stage.answer(sent)]
            said.append(await on_stage.command(HOST, "space start", topic="Bees"))
            said.append(await in_voice.command(EVA, "space start", topic="Abejas"))
            live = await bot.store.read(spaces.live)
            return said, live, await kept(on_stage, 3)

    said, live, noted = asyncio.run(main())

    assert said == [
        "A Space needs a stage or voice channel: join one, or name it in `channel`.",
        "Stage channels need a Community server. Use a voice channel, or turn"
        " Community on in the server's settings.",
        "Me faltan permisos en ese canal: Silenciar miembros, Mover miembros."
        " Pide a un administrador que me los dé y vuelve a intentarlo.",
    ]
    assert live == []
    assert noted == [
        (LUIS, "space start", "wrong_channel"),
        (HOST, "space start", "no_community"),
        (EVA, "space start", "bot_lacks"),
    ]


def test_whatever_is_refused_in_a_space_is_answered_and_kept(tmp_path):
    """By command, by button and in chat; to the reader, in their language."""

    async def play(stage):
        said = [await stage.command(EVA, "floor ask")]
        await stage.enter(HOST, ANA, EVA)
        await stage.opened()
        await until(stage.panels)
        panel = int(stage.panel()["id"])
        gone = stage.member(LUIS).id
        del stage.standin.world.guild.members[gone]
        said.append(await stage.command(HOST, "floor invite", member=str(gone)))
        said.append(await stage.command(ANA, "floor move", member=str(gone)))
        said.append(await stage.click(EVA, panel, "withdraw"))
        said.append(await stage.click(ANA, panel, "step_down"))
        bot = f"<@{stage.standin.world.application_id}>"
        await stage.member(EVA).type(stage.channel_id, f"{bot} ya no")
        said.append((await stage.posted("levantada"))["content"])
        removed = await stage.command(HOST, "mod remove", member=str(gone))
        return said, removed, await kept(stage, 6)

    said, removed, noted = run(tmp_path, play, RoomKind.VOICE)

    up = (
        "No tienes la mano levantada. Levántala con *✋ Pedir la palabra* o escribe "
        "`palabra`."
    )
    assert said == [
        "Aquí no hay ningún Espacio en directo. Abre uno con `/espacio abrir`.",
        "Luis is not in this server any more.",
        "Luis is not in this server any more.",
        up,
        "You do not have the floor.",
        up,
    ]
    assert removed == "Done. It is case 1."
    assert noted == [
        (EVA, "floor ask", "no_space"),
        (HOST, "floor invite", "bad_value"),
        (ANA, "floor move", "bad_value"),
        (EVA, "ter:1:withdraw", "hand.not_up"),
        (ANA, "ter:1:step_down", "floor.not_on"),
        (EVA, "chat withdraw", "hand.not_up"),
    ]


def test_a_hostile_name_stays_on_its_line(tmp_path):
    """Turned, stacked or pinging: the panel shows a short clean name."""
    odd = "\N{RIGHT-TO-LEFT OVERRIDE}@everyone z" + "\N{COMBINING TILDE}" * 12
    people = (*PEOPLE, MemberSeed(odd))

    async def main():
        async with (
            place(Seed(members=people)) as standin,
            bot_on(standin, tmp_path) as bot,
        ):
            stage = Stage(standin, bot, RoomKind.VOICE)
            await stage.enter(HOST, odd)
            await stage.opened()
            await stage.command(odd, "floor ask")
            await until(stage.panels)
            await until(lambda: "asks for" in str(stage.panel()["embeds"]))
            return stage.panel()["embeds"][0]["footer"]["text"]

    footer = asyncio.run(main())

    assert footer.endswith("asks for the floor: new topic.")
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in footer
    assert "\N{COMBINING TILDE}" * 3 not in footer
