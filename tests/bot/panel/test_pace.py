"""The pace of one channel."""

import asyncio
import itertools

from bot.panel.pace import Pace


def test_turns_are_never_closer_than_the_pace():
    """However many posts share a channel, and in the order in which they asked."""

    async def main():
        pace, order, times = Pace(0.03), [], []

        async def edit(name):
            await pace.turn()
            order.append(name)
            times.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(edit(name) for name in "abc"))
        return order, [b - a for a, b in itertools.pairwise(times)]

    order, gaps = asyncio.run(main())

    assert order == ["a", "b", "c"]
    assert all(gap >= 0.029 for gap in gaps)
