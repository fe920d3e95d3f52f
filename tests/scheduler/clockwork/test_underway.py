"""What is on its way: some of a kind at a time, and let go of in the end."""

import asyncio
from functools import partial

from scheduler.clockwork.underway import AT_ONCE, Underway, ended


def test_a_full_kind_holds_up_no_other():
    """So many private messages wait; the word in a channel does not."""

    async def main():
        underway, free, said = Underway(), asyncio.Event(), []

        async def one(name):
            if name != "start":
                await free.wait()
            said.append(name)

        private = [
            underway.begin(f"{n}", "direct", partial(one, f"{n}"))
            for n in range(AT_ONCE + 2)
        ]
        await underway.begin("start", "start", partial(one, "start"))
        assert said == ["start"]
        assert "0" in underway
        assert "start" not in underway
        free.set()
        assert await ended(private) == [None] * (AT_ONCE + 2)
        assert "0" not in underway

    asyncio.run(main())


def test_no_more_of_a_kind_than_may_be():
    """Discord takes only so many at once."""

    async def main():
        underway, going, most = Underway(), set(), []

        async def one(n):
            going.add(n)
            most.append(len(going))
            await asyncio.sleep(0)
            going.remove(n)

        await ended(
            [underway.begin(f"{n}", "direct", partial(one, n)) for n in range(40)]
        )
        assert max(most) == AT_ONCE

    asyncio.run(main())


def test_a_bot_that_is_stopped_waits_for_no_limit_of_discord():
    """What is quick is finished; what waits is let go of, with what waits for it."""

    async def main():
        underway, done = Underway(), []

        async def quick():
            done.append("quick")

        async def broken():
            raise ConnectionError

        stuck = [
            underway.begin(f"{n}", "direct", asyncio.Event().wait)
            for n in range(AT_ONCE + 1)
        ]
        underway.begin("quick", "start", quick)
        underway.begin("broken", "start", broken)
        async with asyncio.timeout(10):
            await underway.over(within_s=0.01)
        assert done == ["quick"]
        assert all(task.cancelled() for task in stuck)
        await underway.over()

    asyncio.run(main())
