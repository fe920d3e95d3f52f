"""Planned Spaces against the stand-in: card, reminder, cancellation."""

import asyncio
import contextlib
import json
import re
import time

import aiohttp
import pytest
from aiohttp import test_utils

from bot import config as configuration
from bot.modal import Modal
from bot.planning import deeds
from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import rooms
from moderation.store.database import Store
from scheduler.clockwork import records
from tests.bot.guild import bot_on, until


@contextlib.asynccontextmanager
async def planning(tmp_path, page=None, **scheduler):
    """Give a stand-in and a bot that plans on it."""
    async with (
        StandIn() as stand_in,
        serving(stand_in, tmp_path, page, **scheduler) as bot,
    ):
        yield stand_in, bot


@contextlib.asynccontextmanager
async def serving(stand_in, folder, page=None, **scheduler):
    """Give a bot on a stand-in that may have seen another one before."""
    config = configuration.parse(
        {
            "speech": {"model": ""},
            "page": page or {},
            "scheduler": {"look_s": 0.2} | scheduler,
        }
    )
    async with bot_on(stand_in, folder, config) as bot:
        yield bot


async def ask(stand_in, host, when, **options):
    """Let a member ask for a Space in the voice channel; return what they read."""
    channel = str(stand_in.voice_channel_id)
    member = stand_in.member(host)
    sent = await member.command(
        "space schedule",
        {"topic": "The survey", "when": when, "channel": channel} | options,
        channel_id=stand_in.text_channel_id,
    )
    await until(lambda: sent.original_id is not None and not sent.loading)
    return member.seen(sent.original_id)


async def press(stand_in, who, message, verb):
    """Press the button with this verb; return the interaction, once answered."""
    member = stand_in.member(who)
    sent = await member.click(int(message["id"]), button(message, verb))
    await until(lambda: sent.answered)
    return sent


async def told(stand_in, words):
    """Wait for a private answer with these words."""
    return await stand_in.sightings.message(
        lambda m: private(m) and words in m["content"], words
    )


async def schedule(stand_in, host, when, **options):
    """Let a member plan a Space, and return the answer they read in the end."""
    asked = await ask(stand_in, host, when, **options)
    if "plan_confirm" in json.dumps(asked["components"]):
        await press(stand_in, host, asked, "plan_confirm")
        await until(lambda: not asked["components"])
    return asked["content"]


async def count(bot):
    """Return how many plans are kept."""
    return await bot.store.read(lambda db: db["plans"].count)


def button(message, verb):
    """Return the id of the message's button with this verb."""
    return next(
        one["custom_id"]
        for line in message["components"]
        for one in line["components"]
        if one["custom_id"].startswith(f"ter:1:{verb}:")
    )


def private(message):
    return bool(message["flags"] & 64)


def card(message):
    return not private(message) and "plan_remind" in json.dumps(message["components"])


def test_who_asked_is_reminded_and_nobody_else_is_pinged(tmp_path):
    """The card's button asks; the reminder names them in the channel, once."""

    async def main():
        async with planning(tmp_path, offsets_min=[0.95]) as (stand_in, _):
            await schedule(stand_in, "Elena", "in 1 minute")
            posted = await stand_in.sightings.message(card, "the card")
            button = posted["components"][0]["components"][0]["custom_id"]
            bruno = stand_in.member("Bruno")
            for _ in range(2):
                await bruno.click(int(posted["id"]), button)
            reminder = await stand_in.sightings.message(
                lambda m: f"<@{bruno.id}>" in m["content"] and not private(m),
                "the reminder",
            )
            assert [user["id"] for user in reminder["mentions"]] == [str(bruno.id)]
            assert reminder["channel_id"] == str(stand_in.text_channel_id)
            assert "The survey" in reminder["content"]

    asyncio.run(main())


def test_who_wants_it_in_private_is_written_down_so(tmp_path):
    """The card's second button; the first one changes it back."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            await schedule(stand_in, "Emma", "in 2 hours")
            posted = await stand_in.sightings.message(card, "the card")
            buttons = [b["custom_id"] for b in posted["components"][0]["components"]]
            for button, place in ((buttons[1], "dm"), (buttons[0], "thread")):
                since = len(stand_in.sightings.all)
                await stand_in.member("Bruno").click(int(posted["id"]), button)
                await stand_in.sightings.message(private, "the answer", since=since)
                rows = await bot.store.read(
                    lambda db: {
                        row["place"] for row in db.query("SELECT * FROM reminders")
                    }
                )
                assert rows == {place}

    asyncio.run(main())


def test_nothing_is_planned_before_it_is_confirmed(tmp_path):
    """Understood, changed, confirmed once; a second press and an old card are told."""

    async def main():
        async with StandIn() as stand_in:
            async with serving(stand_in, tmp_path) as bot:
                asked = await ask(stand_in, "Emma", "tomorrow at 8", repeat="weekly")
                assert "The survey" in asked["content"]
                assert "every week" in asked["content"]
                assert await count(bot) == 0
                first = asked["content"]
                await press(stand_in, "Emma", asked, "plan_meant")
                assert asked["content"] != first
                form = await press(stand_in, "Emma", asked, "plan_change")
                changed = {"when": "in 3 hours", "topic": "Tea", "zone": "Nowhere"}
                emma = stand_in.member("Emma")
                await emma.fill(form, changed)
                await told(stand_in, "no time zone")
                form = await press(stand_in, "Emma", asked, "plan_change")
                await emma.fill(form, changed | {"zone": "Europe/Madrid"})
                await until(lambda: "Tea" in asked["content"])
                assert await count(bot) == 0
                confirm = button(asked, "plan_confirm")
                for _ in range(2):
                    await emma.click(int(asked["id"]), confirm)
                await told(stand_in, "planned already")
                await until(lambda: not asked["components"])
                again = await ask(stand_in, "Emma", "in 40 hours")
                assert "in Europe/Madrid" in again["content"]
                offered = await emma.autocomplete(
                    "space schedule",
                    "time_zone",
                    {"topic": "Tea", "when": "at 8", "time_zone": "new york"},
                    channel_id=stand_in.text_channel_id,
                )
                await until(lambda: offered.answered)
                assert "America/New_York" in [one["value"] for one in offered.choices]
                assert await count(bot) == 2
                assert sum(card(m) for m in stand_in.sightings.messages) == 1
                kept = await ask(stand_in, "Frank", "in 30 hours")
                form = await press(stand_in, "Frank", kept, "plan_change")
                dropped = await ask(stand_in, "Frank", "in 30 hours")
                await press(stand_in, "Frank", dropped, "plan_drop")
                await until(lambda: "Nothing is planned" in dropped["content"])
            async with serving(stand_in, tmp_path) as bot:
                await press(stand_in, "Frank", kept, "plan_confirm")
                await told(stand_in, "too old")
                Modal.awaited.clear()  # the earlier process was another one
                await stand_in.member("Frank").fill(form, changed)
                await told(stand_in, "no longer know this form")
                assert await count(bot) == 2

    asyncio.run(main())


def test_what_cannot_be_planned_is_explained(tmp_path):
    """One sentence to who asked, nothing posted, nothing kept but what was there."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            for when, words in [
                ("yesterday", "I do not understand"),
                ("31 february at 20:00", "no such day"),
                ("in 20 days", "14 days ahead"),
                ("thursday", "no hour"),
            ]:
                assert words in (await ask(stand_in, "David", when))["content"]
            assert not any(card(m) for m in stand_in.sightings.messages)
            assert await count(bot) == 0
            early = await ask(stand_in, "Emma", "in 150 minutes")
            await schedule(stand_in, "David", "in 2 hours")
            late = await ask(stand_in, "Emma", "in 150 minutes")
            assert "The survey is planned" in late["content"]
            with pytest.raises(MemberError):
                await press(stand_in, "Emma", late, "plan_confirm")
            await press(stand_in, "Emma", early, "plan_confirm")
            await told(stand_in, "The survey is planned")
            far = await ask(stand_in, "Frank", "in 9 hours")
            room = stand_in.world.channel(stand_in.voice_channel_id)
            rooms.delete(stand_in.world, stand_in.member("Elena").id, room)
            await until(lambda: bot.client.get_channel(room.id) is None)
            await press(stand_in, "Frank", far, "plan_confirm")
            await told(stand_in, "is gone. Say it again")
            assert await count(bot) == 1

    asyncio.run(main())


def test_the_card_is_edited_in_place(tmp_path):
    """Moved, deleted by hand, called off while the bot is away: one card each."""

    async def main():
        async with StandIn() as stand_in:
            async with serving(stand_in, tmp_path):
                shelf = stand_in.world.messages

                async def said(words, command, **options):
                    await stand_in.member("David").command(
                        command, options, channel_id=stand_in.text_channel_id
                    )
                    await told(stand_in, words)

                await schedule(stand_in, "David", "in 2 hours")
                posted = await stand_in.sightings.message(card, "the card")
                where = shelf[stand_in.text_channel_id]
                shown = where[int(posted["id"])]
                await said("Changed", "space edit", plan=1, when="in 3 hours")
                await until(lambda: "It has moved" in shown["content"])
                await said("Called off", "space cancel", plan=1, reason="rain")
                await until(lambda: "rain" in shown["content"])
                assert not shown["components"]
                await schedule(stand_in, "David", "in 2 hours")
                (second,) = [m for m in where.values() if card(m)]
                del where[int(second["id"])]
                await said("deleted that", "space edit", plan=2, topic="Tea")
                await schedule(stand_in, "David", "in 4 hours")
                (third,) = [m for m in where.values() if card(m)]
            async with Store(tmp_path / "tertulia.db") as store:
                guild_id = stand_in.world.guild.id
                await store.write(lambda db: deeds.lost(db, guild_id, None))
            async with serving(stand_in, tmp_path):
                await until(lambda: not third["components"])
                assert "called off" in third["content"]
                assert [m for m in where.values() if not private(m)] == [shown, third]

    asyncio.run(main())


def test_a_series_is_planned_and_one_of_it_moved_by_command(tmp_path):
    """Two plans of a weekly series; one moved by its host, not by anybody else."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            await schedule(stand_in, "Emma", "in 2 hours", repeat="weekly")
            for name, words in (("David", "can change it"), ("Emma", "Changed")):
                since = len(stand_in.sightings.all)
                await stand_in.member(name).command(
                    "space edit",
                    {"plan": 1, "when": "in 3 hours", "topic": "Another"},
                    channel_id=stand_in.text_channel_id,
                )
                await stand_in.sightings.message(
                    lambda m, w=words: private(m) and w in m["content"],
                    words,
                    since=since,
                )
            rows = await bot.store.read(
                lambda db: list(db.query("SELECT starts_at, body FROM plans"))
            )
            first, second = sorted(row["starts_at"] for row in rows)
            assert second - first == pytest.approx(7 * 86400 - 3600, abs=3700)
            topics = [json.loads(row["body"])["topic"] for row in rows]
            assert sorted(topics) == ["Another", "The survey"]

    asyncio.run(main())


def test_a_plan_whose_channel_is_deleted_is_called_off(tmp_path):
    """Nobody is reminded of a Space that can be held nowhere."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            await schedule(stand_in, "Emma", "in 2 hours", repeat="weekly")
            channel = bot.client.get_channel(stand_in.voice_channel_id)
            bot.client.dispatch("guild_channel_delete", channel)
            async with asyncio.timeout(30):
                while states := await bot.store.read(
                    lambda db: {row["state"] for row in db.query("SELECT * FROM plans")}
                ):
                    if states == {"cancelled"}:
                        break
                    await asyncio.sleep(0)

    asyncio.run(main())


def test_a_member_takes_plans_home_to_their_calendar(tmp_path):
    """As a file, or by an address that needs no login and that organisers renew."""
    port = test_utils.unused_port()
    page = {"enabled": True, "port": port, "public_url": "https://t.example"}

    async def main():
        async with planning(tmp_path, page) as (stand_in, _):

            async def ask(who, options):
                since = len(stand_in.sightings.all)
                await stand_in.member(who).command(
                    "space calendar", options, channel_id=stand_in.text_channel_id
                )
                return await stand_in.sightings.message(
                    lambda m: private(m) and m["content"], "an answer", since=since
                )

            async def fetch(answer):
                (path,) = re.findall(r"<https://t\.example(\S+)>", answer["content"])
                async with (
                    aiohttp.ClientSession() as session,
                    session.get(f"http://127.0.0.1:{port}{path}") as response,
                ):
                    return response.status, await response.text()

            await schedule(stand_in, "David", "in 2 hours", repeat="weekly")
            whole = await ask("Frank", {"plan": 1, "whole_series": True})
            assert whole["attachments"][0]["filename"] == "The-survey.ics"
            feed = await ask("Frank", {})
            assert "webcal://t.example/calendar/" in feed["content"]
            status, text = await fetch(feed)
            assert (status, "RRULE:FREQ=WEEKLY" in text) == (200, True)
            refused = await ask("Frank", {"new_address": True})
            assert "Only those who moderate" in refused["content"]
            renewed = await ask("Elena", {"new_address": True})
            assert (await fetch(feed))[0] == 404
            assert (await fetch(renewed))[0] == 200

    asyncio.run(main())


def test_who_does_not_see_a_room_does_not_hear_of_its_plans(tmp_path):
    """Neither in the list, nor by a plan's number; its host does."""

    async def main():
        async with planning(tmp_path) as (stand_in, _):
            await schedule(stand_in, "David", "in 2 hours")
            world = stand_in.world
            room = world.channel(stand_in.voice_channel_id)
            hidden = Form({"type": 0, "deny": str(int(Permission.VIEW_CHANNEL))}, ())
            owner, everybody = world.guild.owner_id, world.guild.id
            rooms.overwrite(world, owner, room, hidden, everybody)
            again, none = (
                {"plan": 1, "when": "in 5 hours"},
                "There is no such plan here",
            )
            kept = {"plan": 1, "name": "Mine"}
            for name, command, options, words in (
                ("Frank", "space upcoming", {}, "Nothing is planned here"),
                ("Frank", "space clone", again, none),
                ("Frank", "space edit", again, none),
                ("Frank", "space edit", {"plan": 1, "repeat": "weekly"}, none),
                ("Frank", "space cancel", {"plan": 1}, none),
                ("Frank", "space template-save", kept, none),
                ("Frank", "check space", {"plan": 1}, none),
                ("Frank", "check space", {"plan": 99}, none),
                ("Frank", "check space", {}, "Nothing is planned"),
                ("Frank", "host rehearse", {"plan": 1}, none),
                ("Frank", "promo pause", {"plan": 1}, none),
                ("Frank", "host guest-board", {"plan": 1}, none),
                ("David", "space upcoming", {}, "The survey"),
            ):
                since = len(stand_in.sightings.all)
                await stand_in.member(name).command(
                    command, options, channel_id=stand_in.text_channel_id
                )
                await stand_in.sightings.message(
                    lambda m, w=words: private(m) and w in m["content"],
                    words,
                    since=since,
                )

    asyncio.run(main())


def test_without_a_public_address_there_are_files_only(tmp_path):
    """And the answer says which keys are missing."""

    async def main():
        async with planning(tmp_path) as (stand_in, _):
            await schedule(stand_in, "David", "in 2 hours")
            since = len(stand_in.sightings.all)
            await stand_in.member("Frank").command(
                "space calendar", {}, channel_id=stand_in.text_channel_id
            )
            answer = await stand_in.sightings.message(
                lambda m: private(m) and m["content"], "an answer", since=since
            )
            assert "page.public_url" in answer["content"]
            assert answer["attachments"][0]["filename"] == "spaces.ics"

    asyncio.run(main())


def test_a_series_is_changed_once_its_host_has_seen_how(tmp_path):
    """The answer says what becomes of each; the button does it, once."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            await schedule(stand_in, "David", "tomorrow 20:00", repeat="daily")
            david, since = stand_in.member("David"), len(stand_in.sightings.all)
            options = {"plan": 1, "when": "21:15", "whole_series": True}
            await david.command(
                "space edit", options, channel_id=stand_in.text_channel_id
            )
            asked = await stand_in.sightings.message(
                lambda m: private(m) and m["components"], "the question", since=since
            )
            assert asked["content"].count(" → ") >= 13
            agree = asked["components"][0]["components"][0]["custom_id"]
            await david.click(int(asked["id"]), agree)
            done = await stand_in.sightings.message(
                lambda m: "Changed, this one" in m["content"], "the change", since=since
            )
            assert done["components"] == []  # pressed once, and gone
            plans = await bot.store.read(records.live)
            assert {time.strftime("%M", time.gmtime(p.starts_at)) for p in plans} == {
                "15"
            }

    asyncio.run(main())


def test_a_series_may_have_an_end(tmp_path):
    """Three times, without an end from then on, and none without a series."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            times = {"repeat": "daily", "until": "3 times"}
            read = await schedule(stand_in, "David", "tomorrow 20:00", **times)
            assert "Planned" in read
            assert await count(bot) == 3
            david, since = stand_in.member("David"), len(stand_in.sightings.all)
            options = {"plan": 1, "until": "never", "whole_series": True}
            await david.command(
                "space edit", options, channel_id=stand_in.text_channel_id
            )
            asked = await stand_in.sightings.message(
                lambda m: private(m) and m["components"], "the question", since=since
            )
            assert asked["content"].count("stays as it is") == 3
            assert asked["content"].count(": new") >= 10
            agree = asked["components"][0]["components"][0]["custom_id"]
            await david.click(int(asked["id"]), agree)
            await told(stand_in, "Changed, this one")
            assert await count(bot) >= 13
            alone = {"plan": 1, "until": "never"}
            await david.command(
                "space edit", alone, channel_id=stand_in.text_channel_id
            )
            await told(stand_in, "concerns all of it")
            await david.command(
                "space schedule",
                {"topic": "Tea", "when": "in 9 days", "until": "6"}
                | {"channel": str(stand_in.voice_channel_id)},
                channel_id=stand_in.text_channel_id,
            )
            await told(stand_in, "comes once has no end")

    asyncio.run(main())


def test_a_plan_gets_its_agenda_before(tmp_path):
    """The form shows what is there; mistakes change nothing, empty takes it away."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            await schedule(stand_in, "David", "in 2 hours")

            async def send(text, name="David"):
                since, member = len(stand_in.sightings.all), stand_in.member(name)
                sent = await member.command(
                    "topic agenda-import",
                    {"plan": 1},
                    channel_id=stand_in.text_channel_id,
                )
                await until(lambda: sent.answered)
                if sent.modal is not None:
                    field = sent.modal["components"][0]["component"]
                    shown.append(field.get("value"))
                    await member.fill(sent, {field["custom_id"]: text})
                answered = await stand_in.sightings.message(
                    private, "an answer", since=since
                )
                plan = await bot.store.read(lambda db: records.get(db, 1))
                return answered["content"], plan.agenda

            shown = []
            told, agenda = await send("Welcome (10 min)\n0 min Nothing")
            assert ("Line 2" in told, agenda) == (True, ())
            told, agenda = await send("Welcome (10 min)\n- Questions")
            assert agenda == ("10 min Welcome", "Questions")
            assert "has 2 items" in told
            told, agenda = await send("", "Frank")
            assert ("Its host and moderators" in told, len(agenda)) == (True, 2)
            told, agenda = await send("")
            assert agenda == ()
            assert shown[-1] == "10 min Welcome\nQuestions"

    asyncio.run(main())


def test_a_space_is_planned_from_a_template(tmp_path):
    """Saved from a plan, found by name, asked about, planned, deleted."""

    async def main():
        async with planning(tmp_path) as (stand_in, bot):
            await schedule(stand_in, "David", "in 2 hours", format="debate")

            async def say(who, command, **options):
                since = len(stand_in.sightings.all)
                await stand_in.member(who).command(
                    f"space {command}", options, channel_id=stand_in.text_channel_id
                )
                return await stand_in.sightings.message(
                    lambda m: private(m) and m["content"], "an answer", since=since
                )

            saved = await say("David", "template-save", plan=1, name="Surveys")
            assert "“The survey”, 60 min" in saved["content"]
            assert "Surveys" in (await say("Frank", "template-list"))["content"]
            wrong = await say("Emma", "template-use", template=99, when="in 9 hours")
            assert "no such template" in wrong["content"]
            asked = await say(
                "Emma", "template-use", template=1, when="in 9 hours", topic="Results"
            )
            await press(stand_in, "Emma", asked, "plan_confirm")

            await stand_in.sightings.message(
                lambda m: "Planned: Results" in m["content"], "the end of asking"
            )
            plan = await bot.store.read(lambda db: records.get(db, 2))
            assert (plan.topic, plan.format, plan.minutes) == ("Results", "debate", 60)
            assert plan.host_id == stand_in.member("Emma").id
            world, owner = stand_in.world, stand_in.world.guild.owner_id
            room = world.guild.channels[stand_in.voice_channel_id]
            rooms.delete(world, owner, room)
            lost = await say("Emma", "template-use", template=1, when="in 30 hours")
            assert "no longer there" in lost["content"]
            refused = await say("Emma", "template-delete", template=1)
            assert "moderators can replace or delete it" in refused["content"]
            gone = await say("David", "template-delete", template=1)
            assert "is gone" in gone["content"]

    asyncio.run(main())
