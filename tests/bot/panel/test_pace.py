"""The pace of one channel."""

import asyncio
import itertools

from bot.panel.pace import Pace


def test_turns_are_never_closer_than_the_pace():
    """However many posts share a channel, and in the order in which they asked."""

    async def main():
        pace, order, times = Pace(0.03), [], []

        async def edit(name):
            async with pace.turn():
                order.append(name)
                times.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(edit(name) for name in "abc"))
        return order, [b - a for a, b in itertools.pairwise(times)]

    order, gaps = asyncio.run(main())

    assert order == ["a", "b", "c"]
    assert all(gap >= 0.029 for gap in gaps)


def test_an_edit_that_has_to_wait_holds_the_others_up():
    """Discord lets it through late: the next one comes no closer for that."""

    async def main():
        pace, times = Pace(0.03), []
        clock = asyncio.get_running_loop().time

        async def edit(wait_s):
            async with pace.turn():
                await asyncio.sleep(wait_s)
                times.append(clock())

        await asyncio.gather(edit(0.06), edit(0.0))
        return times[1] - times[0]

    assert asyncio.run(main()) >= 0.029
