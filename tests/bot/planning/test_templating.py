"""Templates in the record: saved, used with all that comes with them, deleted."""

import asyncio
from dataclasses import replace

import pytest

from bot.clock import ManualClock
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.planning.templating import Templating
from moderation.store import campaigns as campaign_rows
from moderation.store.database import Store
from scheduler.campaigns.campaign import Campaign
from scheduler.clockwork import errand_records, records, series
from scheduler.clockwork.clockwork import Clockwork
from scheduler.guests.guest import Guest, Slot
from scheduler.plans import PlanRefused
from scheduler.settings import SchedulerSettings
from scheduler.templates import planned
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
HOST, OTHER = Asker(3, 1), Asker(4, 1)
MODERATOR = Asker(5, 1, moderates=True)
PLAN = tea(NOW + 3600, agenda=("10 min Welcome", "Questions"))


def run(scene):
    """Run ``scene(templating, planner, store)`` with one plan that has guests."""

    async def main():
        clock, settings = ManualClock(NOW), SchedulerSettings()
        async with Store(":memory:") as store:
            clockwork = Clockwork(store, [], clock.now, settings)
            planner = Planner(store, clockwork, clock, settings)
            (plan,) = await planner.schedule(PLAN)
            await store.write(lambda db: surround(db, plan))
            await scene(Templating(store, planner, 2), planner, store)

    asyncio.run(main())


def surround(db, plan):
    for user_id in (7, 8):
        guest = Guest(
            plan_id=plan.id,
            user_id=user_id,
            slot=Slot("item", 2),
            invited_by=3,
            invited_at=NOW,
        )
        errand_records.keep_guest(db, guest)
    campaign_rows.set_channel(db, campaign_rows.ChannelRow(1, 50, "es", None))
    errand_records.keep(
        db,
        Campaign(
            plan_id=plan.id,
            guild_id=1,
            made_at=NOW,
            by=3,
            words={"es": "Ven"},
            teasers={"es": ("Una", "Dos")},
        ),
    )


async def use(templating, planner, found, host=3):
    again = replace(planned(found, host, NOW, 60), starts_at=NOW + 86400)
    (plan,) = await planner.schedule(again, None, templating.extras(found))
    return plan


def test_guests_and_campaign_come_with_the_plan_in_one_write():
    """Invited anew by who plans it; announced where the guild announces now."""

    async def scene(templating, planner, store):
        found = await templating.save(1, HOST, "Tea", guests=True, campaign=True)
        campaign_rows_now = campaign_rows.ChannelRow(1, 51, "en", 9)
        await store.write(lambda db: campaign_rows.set_channel(db, campaign_rows_now))
        plan = await use(templating, planner, await templating.find(found.id, 1))
        guests = await store.read(lambda db: errand_records.guests(db, plan.id))
        campaign = await store.read(lambda db: errand_records.campaign(db, plan.id))
        assert [(g.user_id, g.slot.value, g.invited_by) for g in guests] == [
            (7, 2, 3),
            (8, 2, 3),
        ]
        assert (campaign.words, campaign.teasers) == (
            {"es": "Ven"},
            {"es": ("Una", "Dos")},
        )
        assert [one.channel_id for one in campaign.targets] == [50, 51]
        assert plan.agenda == PLAN.agenda

    run(scene)


def test_a_series_is_announced_and_has_guests_each_time():
    """The first Space at once, the next when that is over."""

    async def scene(templating, planner, store):
        found = await templating.save(1, HOST, "Tea", guests=True, campaign=True)
        again = replace(planned(found, 3, NOW, 60), starts_at=NOW + 86400)
        first, second = await planner.schedule(
            again, "weekly", templating.extras(found)
        )

        async def given(plan):
            return await store.read(
                lambda db: (
                    [one.user_id for one in errand_records.guests(db, plan.id)],
                    errand_records.campaign(db, plan.id) is not None,
                )
            )

        assert await given(first) == ([7, 8], True)
        assert await given(second) == ([], False)
        await planner.cancel(first.id, HOST, "ill")
        await store.write(lambda db: series.unfold(db, planner.settings, planner.now()))
        assert await given(second) == ([7, 8], True)

    run(scene)


def test_without_them_there_is_the_plan_alone():
    """Who saved it did not want them."""

    async def scene(templating, planner, store):
        found = await templating.save(1, HOST, "Tea", guests=False, campaign=False)
        plan = await use(templating, planner, found)
        assert await store.read(lambda db: errand_records.guests(db, plan.id)) == []
        assert await store.read(lambda db: errand_records.campaign(db, plan.id)) is None

    run(scene)


def test_who_hosts_now_is_no_guest():
    """The others are invited all the same."""

    async def scene(templating, planner, store):
        found = await templating.save(1, HOST, "Tea", guests=True, campaign=False)
        plan = await use(templating, planner, found, host=7)
        guests = await store.read(lambda db: errand_records.guests(db, plan.id))
        assert [one.user_id for one in guests] == [8]

    run(scene)


def test_a_plan_that_cannot_be_made_brings_nothing():
    """All of it happens, or nothing."""

    async def scene(templating, planner, store):
        found = await templating.save(1, HOST, "Tea", guests=True, campaign=True)
        clash = replace(planned(found, 3, NOW, 60), starts_at=PLAN.starts_at)
        with pytest.raises(PlanRefused):
            await planner.schedule(clash, None, templating.extras(found))
        rows = await store.read(lambda db: list(db.query("SELECT * FROM campaigns")))
        assert len(rows) == 1
        assert len(await store.read(records.live)) == 1

    run(scene)


def test_a_name_that_is_taken_is_the_new_one_then():
    """Whatever its capitals."""

    async def scene(templating, planner, store):
        await templating.save(1, HOST, "Tea", guests=True, campaign=False)
        await templating.save(1, HOST, "TEA", guests=False, campaign=False)
        (kept,) = await templating.all(1)
        assert (kept.name, kept.extras.guests) == ("TEA", ())

    run(scene)


@pytest.mark.parametrize(
    ("asker", "may"), [(HOST, True), (MODERATOR, True), (OTHER, False)]
)
def test_only_who_saved_it_and_moderators_delete_it(asker, may):
    """And only who may change a plan can save it."""

    async def scene(templating, planner, store):
        found = await templating.save(1, HOST, "Tea", guests=False, campaign=False)
        if may:
            await templating.delete(found.id, asker)
            assert await templating.all(1) == []
            return
        for refused in (
            templating.delete(found.id, asker),
            templating.save(1, asker, "Mine", guests=False, campaign=False),
        ):
            with pytest.raises(PlanRefused):
                await refused
        assert len(await templating.all(1)) == 1

    run(scene)


def test_another_guild_has_its_own():
    """An id from elsewhere is none here."""

    async def scene(templating, planner, store):
        found = await templating.save(1, HOST, "Tea", guests=False, campaign=False)
        for refused in (
            templating.find(found.id, 2),
            templating.find(0, 1),
            templating.find(10**18, 1),
            templating.delete(found.id, Asker(3, 2, moderates=True)),
        ):
            with pytest.raises(PlanRefused) as unknown:
                await refused
            assert unknown.value.key == "template.unknown"
        assert await templating.all(2) == []

    run(scene)


def test_nobody_replaces_what_somebody_else_saved():
    """Who may not delete it may not save another under its name either."""

    async def scene(templating, planner, store):
        keeps = {"guests": False, "campaign": False}
        await templating.save(1, HOST, "Weekly", **keeps)
        other = replace(PLAN, host_id=4, channel_id=9)
        (plan,) = await planner.schedule(other)
        with pytest.raises(PlanRefused) as refused:
            await templating.save(plan.id, OTHER, "WEEKLY", **keeps)
        assert refused.value.key == "template.not_yours"
        await templating.save(plan.id, MODERATOR, "WEEKLY", **keeps)
        assert [one.name for one in await templating.all(1)] == ["WEEKLY"]

    run(scene)
