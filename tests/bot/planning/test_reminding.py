"""Reminders on the stand-in: thread, instead of in private, start; their buttons."""

import asyncio
import json
import time

from bot import config as configuration
from bot.clock import ManualClock
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world.channels import Thread
from tests.bot.guild import bot_on, until
from tests.bot.planning.test_planning import button, card, press, schedule, told

SETTINGS = {
    "look_s": 0.1,
    "offsets_min": [10.0],
    "host_offsets_min": [],
}


def found(stand_in, channel_id, words):
    """Return the messages of a channel with these words."""
    shelf = stand_in.world.messages.get(channel_id, {})
    return [one for one in shelf.values() if words in one["content"]]


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
            assert isinstance(stand_in.world.guild.threads[thread], Thread)
            clock.advance(30 * 60)
            await until(lambda: len(found(stand_in, thread, f"<@{frank.id}>")) == 2)
            clock.advance(20 * 60)
            await until(lambda: found(stand_in, thread, "take no private messages"))
            first, second, instead = stand_in.world.messages[thread].values()
            assert f"<@{frank.id}>" in second["content"]
            assert [one["id"] for one in instead["mentions"]] == [str(emma.id)]
            await press(stand_in, "Frank", first, "plan_when")
            await told(stand_in, "no time left")

            # It is time: its host moves it, and the thread hears of the new time only.
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
            await frank.fill(form, {"line": "in 2 hours"})
            asked = await told(stand_in, "you host it")
            assert button(asked, "plan_confirm")
            sent = [
                one["content"]
                for one in stand_in.world.messages[thread].values()
                if f"<@{frank.id}>" in one["content"]
            ]
            assert len(sent) == 3  # an hour and half an hour, and once after the move

    asyncio.run(main())
