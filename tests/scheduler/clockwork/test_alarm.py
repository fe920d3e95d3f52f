"""The alarm: by the wall for what is due, and now and then in any case."""

import asyncio

from scheduler.clockwork.alarm import Alarm


def rung(play, look_s=3600.0):
    """Return how often it rang while ``play`` went on."""

    async def main():
        rings = []
        heard = asyncio.Condition()

        async def ring():
            async with heard:
                rings.append(len(rings))
                heard.notify_all()
            if rings == [0] and look_s < 1:
                raise OSError("the disk is full")

        async def after(count):
            async with asyncio.timeout(30), heard:
                await heard.wait_for(lambda: len(rings) >= count)

        alarm = Alarm(ring, look_s)
        alarm.start()
        await play(alarm, after)
        alarm.stop()
        alarm.stop()
        alarm.set(0.0)
        return len(rings)

    return asyncio.run(main())


def test_what_is_due_rings_at_once_and_the_last_time_counts():
    """A time that is over rings too: whoever was late is not forgotten."""

    async def play(alarm, after):
        alarm.set(4e9)
        alarm.set(None)
        alarm.set(1e9)
        await after(1)

    assert rung(play) == 1


def test_it_looks_now_and_then_whatever_went_wrong_before():
    """An error at one look does not end the looking."""

    async def play(alarm, after):
        await after(3)

    assert rung(play, look_s=0.01) >= 3
