"""The practice room against the stand-in: measured, and gone without a trace."""

import asyncio
import contextlib
import sqlite3

from bot import config as configuration
from bot.build import DATABASE, build
from bot.rehearsal.standin.limits import LimitSettings
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings
from moderation.store import voice_checks
from moderation.store.database import Store
from tests.bot.guild import EPHEMERAL, until
from tests.bot.preflight.test_gonogo import has
from tests.bot.promotion.test_promotion import planned, said

UNHURRIED = StandInSettings(limits=LimitSettings(on=False))
"""Six commands in two seconds are more than a person types, and Discord takes."""


@contextlib.asynccontextmanager
async def bot_on(stand_in, tmp_path):
    """Give a bot that looks at voices all the time."""
    config = configuration.parse(
        {
            "store": {"folder": str(tmp_path)},
            "speech": {"model": ""},
            "scheduler": {"look_s": 0.2},
            "preflight": {"practice_look_s": 0.2},
        }
    )
    async with build(config, stand_in.connector()) as bot:
        serving = asyncio.create_task(bot.start(stand_in.token))
        try:
            await until(lambda: bot.client.is_ready() and stand_in.world.commands)
            yield bot
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def panels(stand_in, channel_id=None):
    at = channel_id or stand_in.voice_channel_id
    shelf = stand_in.world.messages.get(at, {})
    return [
        one
        for one in shelf.values()
        if "ractice for" in one["content"] and not one["flags"] & EPHEMERAL
    ]


def button(message, verb):
    for line in message["components"]:
        for one in line["components"]:
            if f":{verb}:" in one["custom_id"]:
                return one["custom_id"]
    raise LookupError(verb)


async def press(stand_in, who, message, verb):
    sent = await stand_in.member(who).click(int(message["id"]), button(message, verb))
    await until(lambda: sent.original_id is not None and not sent.loading)
    return stand_in.member(who).seen(sent.original_id)["content"]


def cards(stand_in):
    """Return the go/no-go cards that somebody has in private."""
    return [
        one
        for channel_id in stand_in.world.direct
        for one in stand_in.world.messages.get(channel_id, {}).values()
        if has(one, "gonogo_again")
    ]


def settled(folder):
    """Say whether no card is on its way."""
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as db:
        open_ones = "SELECT 1 FROM sends WHERE kind = 'preflight' AND state = 'claimed'"
        return db.execute(open_ones).fetchone() is None


async def rows(bot):
    return await bot.store.read(
        lambda db: list(db.query("SELECT practice, ended_at, plan_id FROM spaces"))
    )


def test_a_guest_is_measured_and_a_space_takes_the_room(tmp_path):
    """The score is kept for the card; no Space, no track, no word remains."""

    async def main():
        async with StandIn() as stand_in, bot_on(stand_in, tmp_path) as bot:
            emma = stand_in.member("Emma")
            await planned(stand_in, "David", "in 2 hours")
            await said(
                stand_in, "David", "host guest-invite", plan=1, member=str(emma.id)
            )
            for name in ("David", "Emma", "Frank"):
                await stand_in.member(name).join(stand_in.voice_channel_id)
            refused = await said(stand_in, "Frank", "host rehearse", plan=1)
            assert "host" in refused
            opened = await said(stand_in, "David", "host rehearse")
            assert "practice room is open" in opened
            (panel,) = panels(stand_in)
            assert f"<@{emma.id}>: here, and has not pressed" in panel["content"]
            assert "for the host and the guests" in (
                await press(stand_in, "Frank", panel, "practice_me")
            )
            busy = await said(stand_in, "David", "host rehearse")
            assert "in use" in busy
            agreed = await press(stand_in, "Emma", panel, "practice_me")
            assert "I listen to you now" in agreed
            await emma.speak(emma.words(3.3))
            await until(lambda: "of 100" in panel["content"])
            kept = await bot.store.read(
                lambda db: voice_checks.of_members(
                    db, stand_in.guild_id, [emma.id, stand_in.member("David").id]
                )
            )
            assert list(kept) == [emma.id]
            assert bot.rooms.live() == []
            opening = []

            async def before(guild_id):
                # From now on nothing may take the connection any more.
                opening.append(bot.rooms.opening_in(guild_id))

            bot.rooms.before(before)
            await said(stand_in, "David", "space start", topic="The survey")
            assert opening == [stand_in.voice_channel_id]
            assert bot.rooms.opening_in(stand_in.guild_id) is None
            await until(lambda: "a Space opens" in panel["content"])
            assert not panel["components"]
            (room,) = bot.rooms.live()
            await until(lambda: room.ears.snapshot() is not None)
            practice, space = await rows(bot)
            assert (practice["practice"], practice["plan_id"]) == (1, 1)
            assert practice["ended_at"] is not None
            assert (space["practice"], space["ended_at"]) == (0, None)
            assert not list(tmp_path.rglob("*.ogg"))

    asyncio.run(main())


def test_it_ends_with_its_plan_and_with_the_process(tmp_path):
    """The panel says why, and offers another one where there is time for it."""

    async def main():
        async with StandIn(settings=UNHURRIED) as stand_in:
            async with bot_on(stand_in, tmp_path) as bot:
                await ended_by_hand_and_by_plan(stand_in, bot)
                panel = await on_a_stage(stand_in)
            david = stand_in.member("David")
            assert stand_in.world.voice[david.id].suppress
            assert "I was restarted" in panel["content"]
            assert has(panel, "practice_again")
            async with Store(tmp_path / DATABASE) as store:
                # What is there when it is killed instead, also between card and row.
                again = "UPDATE spaces SET ended_at = NULL WHERE plan_id = 2"
                await store.write(lambda db: db.execute(again))
                sent = "UPDATE sends SET state = 'claimed' WHERE kind = 'preflight'"
                await store.write(lambda db: db.execute(sent))
            panel["content"] = "Practice for The survey"
            async with bot_on(stand_in, tmp_path) as bot:
                await until(lambda: "I was restarted" in panel["content"])
                assert "has to agree again" in panel["content"]
                assert has(panel, "practice_again")
                assert bot.rooms.live() == []
                assert all(row["ended_at"] for row in await rows(bot))
                await until(lambda: settled(tmp_path))
                assert len(cards(stand_in)) == 1

    asyncio.run(main())


async def on_a_stage(stand_in):
    """Who agrees is asked up; a bot that stops takes them down again."""
    david, stage_id = stand_in.member("David"), stand_in.stage_channel_id
    await david.leave()
    await planned(stand_in, "David", "in 14 minutes", stage_id)
    await until(lambda: cards(stand_in))
    await david.join(stage_id)
    await said(stand_in, "David", "host rehearse")
    (panel,) = panels(stand_in, stage_id)
    await press(stand_in, "David", panel, "practice_me")
    await until(lambda: "Accept my invitation" in panel["content"])
    await david.accept()
    await until(lambda: "Say a few sentences" in panel["content"].splitlines()[-1])
    assert stand_in.world.stages == {}
    return panel


async def ended_by_hand_and_by_plan(stand_in, bot):
    await planned(stand_in, "David", "in 2 hours")
    await stand_in.member("David").join(stand_in.voice_channel_id)
    await said(stand_in, "David", "host rehearse")
    (panel,) = panels(stand_in)
    ended = await press(stand_in, "David", panel, "practice_end")
    assert "practice is over" in ended
    again = await press(stand_in, "David", panel, "practice_again")
    assert "practice room is open" in again
    _, second = panels(stand_in)
    # Its channel is deleted: the plan is called off, and the practice with it.
    channel = bot.client.get_channel(stand_in.voice_channel_id)
    bot.client.dispatch("guild_channel_delete", channel)
    await until(lambda: "plan has changed" in second["content"])
    assert not second["components"]
    late = await press(stand_in, "David", panel, "practice_again")
    assert "can no longer be changed" in late
