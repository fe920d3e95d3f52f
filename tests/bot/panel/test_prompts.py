"""Invitations over a restart, on the loopback."""

import asyncio

import pytest

from bot.panel.prompts import Prompts
from moderation.settings import RoomKind
from tests.bot.guild import ANA, HOST, LUIS, Stage, bot_on, place, until


def test_invitations_are_posted_as_they_stand_after_a_restart(tmp_path):
    """One was never posted, one was withdrawn and never taken away."""

    async def lost(*_):
        raise ConnectionResetError

    async def before(standin):
        async with bot_on(standin, tmp_path) as bot:
            stage = Stage(standin, bot, RoomKind.VOICE)
            await stage.enter(HOST, ANA, LUIS)
            room = await stage.opened()
            luis, ana = (str(stage.member(name).id) for name in (LUIS, ANA))
            await stage.command(HOST, "floor invite", member=luis)
            await stage.offering("answer")
            with pytest.MonkeyPatch.context() as killed:
                killed.setattr(Prompts, "drop", lost)
                killed.setattr(Prompts, "invite", lost)
                await stage.command(HOST, "floor lower", member=luis)
                await stage.command(
                    HOST, "floor invite", member=ana, note="about seeds"
                )
                await room.actions.stop()

    async def main():
        async with place() as standin:
            await before(standin)
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot, RoomKind.VOICE)
                await until(lambda: any("seeds" in one for one in invitations(stage)))
                await until(lambda: len(invitations(stage)) == 1)
                prompt = int((await stage.offering("answer"))["id"])
                arg = f"{stage.member(ANA).id}.accepted"
                return await stage.click(ANA, prompt, "answer", arg)

    assert asyncio.run(main()) == "You have the floor."


def invitations(stage):
    """Return the words of the invitations that can be seen."""
    return [
        one["content"]
        for one in stage.messages()
        if ":answer:" in str(one["components"])
    ]
