"""Plans to be shown anew, beside whoever changes them."""

import asyncio
import logging

from bot.planning.hints import Hints


class Discord:
    """Takes one edit after the other, each when it is let."""

    def __init__(self):
        self.begun, self.done = [], []
        self.let = asyncio.Event()

    async def look(self, plan_id):
        self.begun.append(plan_id)
        await self.let.wait()
        if plan_id == 13:
            raise RuntimeError("full disk")
        self.done.append(plan_id)


def run(scene):
    async def main():
        discord = Discord()
        await scene(discord, Hints(discord.look))

    asyncio.run(main())


def test_nobody_waits_for_an_edit():
    """What was hinted at while it went on is looked at once, after it."""

    async def scene(discord, hints):
        for plan_id in (4, 5, 4):
            await hints.changed(plan_id)
        await asyncio.sleep(0)
        assert (discord.begun, discord.done) == ([4], [])
        await hints.changed(5)
        await hints.changed(4)  # it may have changed since it was read
        discord.let.set()
        await hints.settled()
        assert discord.done == [4, 5, 4]
        await hints.changed(6)
        await hints.settled()
        assert discord.done == [4, 5, 4, 6]

    run(scene)


def test_trouble_with_one_plan_is_no_trouble_for_others(caplog):
    """It is in the log."""

    async def scene(discord, hints):
        discord.let.set()
        for plan_id in (13, 14):
            await hints.changed(plan_id)
        with caplog.at_level(logging.ERROR):
            await hints.settled()
        assert discord.done == [14]
        assert "plan 13" in caplog.text

    run(scene)


def test_closing_does_not_wait_for_discord():
    """Nothing is begun after it."""

    async def scene(discord, hints):
        await hints.changed(4)
        await asyncio.sleep(0)
        await hints.close()
        await hints.changed(5)
        discord.let.set()
        await asyncio.sleep(0)
        assert (discord.begun, discord.done) == ([4], [])

    run(scene)
