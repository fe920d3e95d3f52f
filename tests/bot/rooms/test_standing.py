"""What still stands from earlier Spaces."""

import asyncio

import pytest

from bot.rooms.standing import standing
from moderation.sanction import Action, Sanction
from moderation.settings import RoomKind
from moderation.store.cases import CaseRow
from tests.bot.guild import ANA, HOST, Stage, bot_on, place, until

NOW = 1000.0


def case(action, *, user=2, until=None):
    """Return a case as the record keeps it."""
    return CaseRow(
        1, 10, user, action, 900.0, 5, 1, "", until, None, None, {"number": 1}
    )


@pytest.mark.parametrize(
    ("rows", "stands"),
    [
        ([], []),
        ([case("ban")], [Sanction(2, Action.BAN)]),
        ([case("ban", until=1001.0)], [Sanction(2, Action.BAN, 1001.0)]),
        ([case("ban", until=999.0)], []),
        ([case("ban"), case("unban")], []),
        ([case("ban"), case("unban"), case("ban")], [Sanction(2, Action.BAN)]),
        ([case("ban"), case("unban", user=3)], [Sanction(2, Action.BAN)]),
        ([case("mute")], []),
        ([case("mute", until=1001.0)], [Sanction(2, Action.MUTE, 1001.0)]),
        ([case("mute", until=1001.0), case("unmute")], []),
        ([case("remove"), case("warn"), case("note"), case("report")], []),
        (
            [case("ban"), case("mute", until=1001.0)],
            [Sanction(2, Action.BAN), Sanction(2, Action.MUTE, 1001.0)],
        ),
    ],
)
def test_the_newest_case_decides(rows, stands):
    """Bans outlive Spaces until lifted or over; mutes only with a time."""
    found = standing(rows, NOW)

    assert (list(found.sanctions) if found else []) == stands


async def asked(stage):
    """Let Ana ask for the floor of the Space that is live; return the answer."""
    return await stage.command(ANA, "floor ask")


def test_a_timed_mute_holds_in_the_next_space_and_after_a_restart(tmp_path):
    """Leaving, ending the Space and losing the bot are no way around it."""

    async def main():
        said = []
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot, RoomKind.VOICE)
                await stage.enter(HOST, ANA)
                first = await stage.opened("one")
                ana = str(stage.member(ANA).id)
                await stage.command(HOST, "mod mute", member=ana, minutes=30)
                await stage.command(HOST, "space end")
                await first.ended()
                freed = not stage.muted(ANA)
                await stage.opened("two")
                said.append(await asked(stage))
                await stage.member(ANA).leave()
                await stage.enter(ANA)
                said.append(await asked(stage))
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot, RoomKind.VOICE)
                await until(bot.rooms.live)
                said.append(await asked(stage))
                await stage.command(HOST, "mod unmute", member=ana)
                said.append(await asked(stage))
        return freed, said

    freed, said = asyncio.run(main())

    assert freed
    assert len({said[0], said[1], said[2]}) == 1
    assert "may not have the floor" in said[0]
    assert said[3].startswith("Your hand is up")
