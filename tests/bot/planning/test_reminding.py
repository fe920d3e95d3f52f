"""Reminders on the stand-in: thread, instead of in private, start; their buttons."""

import asyncio
import json
import time

from bot import config as configuration
from bot.clock import ManualClock
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import threads
from tests.bot.guild import bot_on, until
from tests.bot.planning.test_planning import card, press, schedule, told

SETTINGS = {
    "look_s": 0.1,
    "offsets_min": [10.0],
    "host_offsets_min": [30.0],
}


def found(stand_in, channel_id, words):
    """Return the messages of a channel with these words."""
    shelf = stand_in.world.messages.get(channel_id, {})
    return [one for one in shelf.values() if words in one["content"]]


def direct(stand_in, member, words):
    """Return the bot's private messages to a member with these words."""
    return [
        one
        for channel in stand_in.world.direct.values()
        if int(channel.recipient["id"]) == member.id
        for one in found(stand_in, channel.id, words)
    ]


def test_reminders_go_to_a_thread_and_open_what_fits(tmp_path):
    """From the bell to the plan that nobody opened and that is planned again."""
    config = configuration.parse({"speech": {"model": ""}, "scheduler": SETTINGS})
    clock = ManualClock(time.time())

    async def main():
        async with StandIn() as stand_in, bot_on(stand_in, tmp_path, config, clock):
            text_id = stand_in.text_channel_id
            frank, emma = stand_in.member("Frank"), stand_in.member("Emma")
            emma.refuse_direct()
            for who, words in (("David", "Only"), ("Elena", "en un hilo")):
                await stand_in.member(who).command(
                    "space reminders", {"thread": True}, channel_id=text_id
                )
                await told(stand_in, words)
            await schedule(stand_in, "David", "in 3 hours")
            shown = next(filter(card, stand_in.world.messages[text_id].values()))
            thread = int(shown["id"])

            # Frank chooses for himself; Emma wants it in private and takes nothing.
            await press(stand_in, "Frank", shown, "plan_remind")
            answer = await told(stand_in, "10 min before")
            mine = frank.seen(int(answer["id"]))
            menu = mine["components"][0]["components"][0]
            await frank.select(int(mine["id"]), menu["custom_id"], ["3600", "1800"])
            await until(lambda: "an hour before, 30 min before" in mine["content"])
            await press(stand_in, "Emma", shown, "plan_direct")
            await told(stand_in, "in private")

            clock.advance(2 * 3600 + 1)
            await until(lambda: found(stand_in, thread, f"<@{frank.id}>"))
            opened = stand_in.world.guild.threads[thread]
            clock.advance(30 * 60)
            await until(lambda: len(found(stand_in, thread, f"<@{frank.id}>")) == 2)
            clock.advance(20 * 60)
            await until(lambda: found(stand_in, thread, "take no private messages"))
            first, second, instead = stand_in.world.messages[thread].values()
            assert f"<@{frank.id}>" in second["content"]
            assert [one["id"] for one in instead["mentions"]] == [str(emma.id)]
            await press(stand_in, "Frank", first, "plan_when")
            await told(stand_in, "no time left")

            # Somebody deletes the thread. Its host moves the Space when it is time, and
            # the channel hears of the new time only.
            threads.delete(stand_in.world, stand_in.member("Elena").id, opened)
            clock.advance(10 * 60)
            await until(lambda: found(stand_in, text_id, "it is time"))
            (start,) = found(stand_in, text_id, "it is time")
            assert "plan_forget" not in json.dumps(start["components"])
            await press(stand_in, "Frank", start, "plan_move")
            await told(stand_in, "can change it")
            form = await press(stand_in, "David", start, "plan_move")
            await stand_in.member("David").fill(form, {"line": "in 2 hours"})
            await until(lambda: "It has moved" in shown["content"])
            clock.advance(2 * 3600 + 1)
            await until(lambda: len(found(stand_in, text_id, "it is time")) == 2)

            # Nobody came: whoever wants to plans it again, after a look at it.
            clock.advance(16 * 60)
            await until(lambda: found(stand_in, text_id, "nobody opened it. The plan"))
            (missed,) = found(stand_in, text_id, "nobody opened it. The plan")
            await until(lambda: "did not take place" in shown["content"])
            assert not shown["components"]
            form = await press(stand_in, "Frank", missed, "plan_again")
            again = await frank.fill(form, {"line": "in 2 hours"})
            reminded = found(stand_in, text_id, f"\n<@{frank.id}>")
            assert len(reminded) == 1

            # Who hosts it calls it off from the private reminder.
            await until(lambda: again.original_id is not None and not again.loading)
            asked = frank.seen(again.original_id)
            await press(stand_in, "Frank", asked, "plan_confirm")
            await until(lambda: found(stand_in, text_id, f"hosted by <@{frank.id}>"))
            (shown,) = found(stand_in, text_id, f"hosted by <@{frank.id}>")
            clock.advance(90 * 60 + 1)
            await until(lambda: direct(stand_in, frank, "You host"))
            form = await press(
                stand_in,
                "Frank",
                direct(stand_in, frank, "You host")[0],
                "plan_call_off",
            )
            await frank.fill(form, {"line": "I am *ill*"})
            await until(lambda: r"I am \*ill\*" in shown["content"])
            assert not shown["components"]

    asyncio.run(main())
