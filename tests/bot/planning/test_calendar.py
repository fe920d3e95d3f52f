"""Feeds and files: what is in them, whose they are, when they change."""

import asyncio
from dataclasses import replace

import pytest
from icalendar import Calendar

from bot.clock import ManualClock
from bot.page.feeds import FeedsNotReadyError
from bot.planning import deeds
from bot.planning.calendar import KEPT_S, Calendars
from bot.planning.deeds import Asker
from moderation.store.database import Store
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

GUILD, OPEN, STAFF = 10, 20, 21
NOW = 1_800_000_000.0
DAY = 86400.0
PLAN = tea(NOW + DAY, guild_id=GUILD, channel_id=OPEN, zone="Europe/Madrid")
SETTINGS = SchedulerSettings()


class Channels:
    """Guild 10 with a channel for all and one for staff."""

    ready = True

    def guild_name(self, guild_id):
        if not self.ready:
            raise FeedsNotReadyError
        return "The guild" if guild_id == GUILD else None

    def is_public(self, guild_id, channel_id):
        return (guild_id, channel_id) == (GUILD, OPEN)


def run(visit):
    """Run ``visit(calendars, store, clock)`` over an empty record."""

    async def main():
        clock = ManualClock(NOW)
        async with Store(":memory:") as store:
            await visit(Calendars(store, clock, Channels()), store, clock)

    asyncio.run(main())


async def plan(store, one=PLAN, repeat=None):
    def keep(db):
        if repeat:
            return deeds.schedule_series(db, one, repeat, SETTINGS, NOW)
        return [deeds.schedule(db, one, SETTINGS, NOW)]

    return await store.write(keep)


def events(body):
    return Calendar.from_ical(body).events


def test_only_what_everybody_sees_is_in_the_feed():
    """A plan in the staff's channel, alone or repeated, is not hinted at."""

    async def visit(calendars, store, clock):
        await plan(store)
        await plan(store, replace(PLAN, channel_id=STAFF, host_id=4, topic="Staff"))
        weekly = replace(PLAN, channel_id=STAFF, host_id=5, topic="Budget cuts")
        await plan(store, replace(weekly, starts_at=NOW + 2 * DAY), "weekly")

        secret = await calendars.secret(GUILD)
        body = (await calendars.read(GUILD, secret)).body

        assert [str(one["summary"]) for one in events(body)] == ["Tea"]
        assert b"Staff" not in body
        assert b"Budget" not in body

    run(visit)


def test_a_new_secret_kills_the_old_one():
    """And asking again shows the same one."""

    async def visit(calendars, store, clock):
        old = await calendars.secret(GUILD)
        assert await calendars.secret(GUILD) == old
        new = await calendars.renew(GUILD)
        assert await calendars.read(GUILD, old) is None
        assert await calendars.read(GUILD, new) is not None
        assert len(new) >= 43  # 256 bits

    run(visit)


@pytest.mark.parametrize("secret", ["", "x", "é", "\udcff", "a" * 5000])
def test_nonsense_is_no_secret(secret):
    """Nor is it an error, whether the guild has a feed or not."""

    async def visit(calendars, store, clock):
        assert await calendars.read(GUILD, secret) is None
        await calendars.secret(GUILD)
        assert await calendars.read(GUILD, secret) is None

    run(visit)


def test_a_guild_that_removed_the_bot_has_no_feed():
    """Its secret is kept, should it come back."""

    async def visit(calendars, store, clock):
        secret = await calendars.secret(99)
        assert await calendars.read(99, secret) is None

    run(visit)


def test_it_changes_when_something_changed_and_not_before():
    """The same bytes with the same date until a plan is another."""

    async def visit(calendars, store, clock):
        (made,) = await plan(store)
        secret = await calendars.secret(GUILD)
        first = await calendars.read(GUILD, secret)
        clock.advance(3600)
        assert await calendars.read(GUILD, secret) == first
        await store.write(
            lambda db: deeds.call_off(db, made.id, Asker(3, GUILD), "ill", whole=False)
        )
        changed = await calendars.read(GUILD, secret)
        assert changed.changed_at == clock.now()
        assert changed.digest != first.digest
        assert events(changed.body)[0]["status"] == "CANCELLED"

    run(visit)


def test_what_is_long_over_leaves_the_feed():
    """A calendar is no archive."""

    async def visit(calendars, store, clock):
        await plan(store)
        secret = await calendars.secret(GUILD)
        clock.advance(DAY + KEPT_S + 1)
        assert events((await calendars.read(GUILD, secret)).body) == []

    run(visit)


def test_a_file_is_of_one_plan_or_of_its_series():
    """In a channel that the member sees, public or not."""

    async def visit(calendars, store, clock):
        staff = replace(PLAN, channel_id=STAFF)
        first, *_ = await plan(store, staff, "weekly")

        (one,) = events(await calendars.of_plan(first, frozenset({STAFF}), whole=False))
        (main,) = events(await calendars.of_plan(first, frozenset({STAFF}), whole=True))

        assert "rrule" not in one
        assert main["rrule"]["freq"] == ["WEEKLY"]

    run(visit)


def test_the_file_of_everything_holds_what_the_feed_holds():
    """For guilds whose bot has no public address."""

    async def visit(calendars, store, clock):
        await plan(store)
        await plan(store, replace(PLAN, channel_id=STAFF, host_id=4, topic="Staff"))

        body = await calendars.of_guild(GUILD)

        assert [str(one["summary"]) for one in events(body)] == ["Tea"]

    run(visit)
