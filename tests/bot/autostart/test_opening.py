"""A Space that opens by itself, with the real bot on the loopback."""

import asyncio
import time

from bot.rehearsal.standin.seed import Seed
from bot.rehearsal.standin.server import StandIn
from scheduler.clockwork import records
from scheduler.plans import Plan, PlanState
from tests.bot.guild import ANA, EVA, HOST, PEOPLE, Stage, bot_on, run, until


async def planned(stage, **changes):
    """Keep a plan that starts now, and let the clockwork know."""
    fields = {
        "guild_id": stage.standin.guild_id,
        "channel_id": stage.channel_id,
        "host_id": stage.member(HOST).id,
        "topic": "Huertos",
        "starts_at": time.time() + 0.2,
        "minutes": 60,
        "kind": stage.kind.value,
        "agenda": ("10 min Welcome", "Seeds"),
        "post_channel_id": stage.standin.text_channel_id,
        "auto_start": True,
        "absent": "cancel",
        "cohost_ids": (stage.member(ANA).id,),
    }
    plan = Plan(**fields | changes)
    kept = await stage.bot.store.write(lambda db: records.keep(db, plan))
    await stage.bot.planning.clockwork.changed(kept.id)
    return kept


def posts(stage):
    """Return what stands in the text channel."""
    shelf = stage.standin.world.messages.get(stage.standin.text_channel_id, {})
    return [one for one in shelf.values() if not one["flags"] & 64]


def test_the_host_is_waited_for_and_opens_it_by_coming_in(tmp_path):
    """Named once; agenda and co-host are the plan's, and the post says it is open."""

    async def play(stage):
        await stage.commands()
        await stage.enter(ANA)
        plan = await planned(stage, format="panel")
        await until(lambda: posts(stage))
        (post,) = posts(stage)
        waiting, pinged = post["content"], [one["id"] for one in post["mentions"]]
        refused = await stage.click(EVA, int(post["id"]), "auto_open")
        away = await stage.click(HOST, int(post["id"]), "auto_open")
        await stage.enter(HOST)
        await until(lambda: "is open in" in posts(stage)[0]["content"])
        await until(lambda: any("starts without" in one for one in stage.told(HOST)))
        (room,) = stage.bot.rooms.live()
        await until(lambda: room.space.state.hosting.cohosts and stage.heard(ANA))
        kept = await stage.bot.store.read(lambda db: records.get(db, plan.id))
        lacking = [one for one in stage.told(HOST) if "starts without" in one]
        assert waiting.startswith(f"⏳ <@{plan.host_id}>")
        assert pinged == [str(plan.host_id)]
        assert "sus coanfitriones y los moderadores" in refused
        assert away.startswith("Come into")
        assert (kept.state, room.row.plan_id) == (PlanState.OPENED, plan.id)
        assert room.observe().space.host_id == plan.host_id
        assert room.space.state.settings.format.value == "panel"
        assert room.space.state.hosting.cohosts == list(plan.cohost_ids)
        assert [one.text for one in room.space.state.agenda.items] == [
            "Welcome",
            "Seeds",
        ]
        assert len(posts(stage)) == 1
        assert posts(stage)[0]["components"] == []
        assert len(lacking) == 1
        assert "agenda" not in lacking[0]

    run(tmp_path, play)


def test_who_came_in_while_the_bot_was_away_opens_it(tmp_path):
    """A restart during the wait: one post, edited by the next process."""

    async def main():
        async with StandIn(Seed(members=PEOPLE)) as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                plan = await planned(stage, absent="hand_over")
                await until(lambda: posts(stage))
                pinged = {int(one["id"]) for one in posts(stage)[0]["mentions"]}
            await stage.enter(HOST)
            async with bot_on(standin, tmp_path) as bot:
                await until(lambda: "is open in" in posts(stage)[0]["content"])
                rooms = [room.row.plan_id for room in bot.rooms.live()]
                who = {plan.host_id, *plan.cohost_ids}
                return rooms == [plan.id], pinged == who, len(posts(stage))

    assert asyncio.run(main()) == (True, True, 1)


def test_it_is_chosen_when_a_space_is_planned(tmp_path):
    """For a server or one plan, and changed by command; question and card say it."""

    async def play(stage):
        await stage.commands()
        common = {"topic": "Huertos", "channel": str(stage.channel_id)}
        ana = str(stage.member(ANA).id)
        refused = await stage.command(
            HOST, "space schedule", when="in 2 hours", absent="hand_over", **common
        )
        usual = {"by_default": True, "absent": "hand_over"}
        said = [
            await stage.command(name, "space auto-start", **usual)
            for name in (ANA, HOST)
        ]
        asked = await stage.said(
            HOST, "space schedule", when="in 2 hours", cohost=ana, **common
        )
        question = await stage.answer(asked)
        confirm = stage.button(asked.original_id, "plan_confirm")
        await stage.member(HOST).click(asked.original_id, confirm)
        await until(stage.messages)
        await stage.command(HOST, "space edit", plan=1, absent="cohost")
        shown = await stage.posted("or a co-host")
        plan = await stage.bot.store.read(lambda db: records.get(db, 1))
        return (
            refused,
            said,
            question,
            shown["content"],
            (plan.auto_start, plan.absent, plan.cohost_ids == (int(ana),), ana),
        )

    refused, said, question, card, (*kept, ana) = run(tmp_path, play)

    assert refused.startswith("Say in `cohost`")
    assert "mute and move members" in said[0]
    assert "open by themselves when their host is there" in said[1]
    assert "otherwise a co-host takes over" in question
    assert kept == [True, "cohost", True]
    words = "▶️ Opens by itself when the host or a co-host is there"
    assert card.endswith(f"{words}: <@{ana}>.")
