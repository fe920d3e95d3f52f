"""A stage that is closed by hand in Discord, on the loopback."""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.wire import iso
from bot.rehearsal.standin.world import events, stages
from bot.rooms.venue import Venue
from tests.bot.guild import ANA, HOST, run, until


def test_the_hosts_hear_of_a_stage_that_was_closed_by_hand(tmp_path):
    """The Space goes on; they end it by a button, or open the stage again."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        world = stage.standin.world
        await until(lambda: stage.channel_id in world.stages)
        stages.close(world, stage.member(HOST).id, stage.channel_id)
        await until(lambda: any("was closed" in one for one in stage.told(HOST)))
        live = room.space.is_live
        await stage.command(HOST, "topic set", text="Bees")
        await until(lambda: stage.channel_id in world.stages)
        topic = world.stages[stage.channel_id]["topic"]
        await stage.command(HOST, "space end")
        await room.ended()
        told = [one for one in stage.told(HOST) if "was closed" in one]
        return live, topic, len(told)

    assert run(tmp_path, play) == (True, "Bees", 1)


def test_a_stage_that_its_event_opens_anew_was_not_closed(tmp_path, monkeypatch):
    """An event that starts puts an instance of its own in the place of the first."""
    looks, real = [], Venue.is_on_show.fget

    def look(venue):
        looks.append(real(venue))
        return looks[-1]

    async def play(stage):
        world, channel_id = stage.standin.world, stage.channel_id
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await until(lambda: room.venue.channel.instance is not None)
        monkeypatch.setattr(Venue, "is_on_show", property(look))
        body = {
            "name": "Huertos urbanos",
            "privacy_level": 2,
            "entity_type": 1,
            "channel_id": str(channel_id),
            "scheduled_start_time": iso(world.now() + 60),
        }
        event = events.create(world, world.bot.id, Form(body))
        events.edit(world, world.bot.id, int(event["id"]), Form({"status": 2}))
        await until(lambda: looks)
        await stage.command(HOST, "space end")
        await room.ended()
        return [one for one in stage.told(HOST) if "was closed" in one]

    assert run(tmp_path, play) == []
    assert looks == [True]
