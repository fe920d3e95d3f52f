"""The dispatch: every errand exactly once, over crashes, moves and outages."""

import asyncio
import random
from dataclasses import replace

import pytest

from moderation.store import campaigns as campaign_rows
from moderation.store import errands as ledger
from moderation.store import webhooks
from moderation.store.database import Store, StoreError
from scheduler.campaigns.campaign import Campaign, CampaignState, Target, turn
from scheduler.campaigns.settings import CampaignSettings
from scheduler.clockwork import errand_records, records
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.dispatch import Dispatch
from scheduler.clockwork.errand_records import Choices
from scheduler.clockwork.outbound import Done, LaterError
from scheduler.errands import ErrandKind, Patience
from scheduler.guests import guest as guest_rules
from scheduler.guests.guest import Guest, Slot
from scheduler.plans import PlanState, cancel, move
from tests.scheduler.sample import tea

START = 1_800_000_000.0
HOUR, DAY = 3600.0, 86400.0
HOST, ANA = 3, 7
PLAN = tea(START, host_id=HOST)


ONE = (Target(5),)


class Crash(BaseException):
    """The process dies here."""


class World:
    """Discord and the outside tools, and the clock."""

    def __init__(self):
        self.now = START - 10 * DAY
        self.arrived = {}
        self.order = []
        self.edits = []
        self.roles = []
        self.crash = lambda: None
        self.fails = lambda going: None
        self.attempts = []

    async def deliver(self, going):
        self.crash()
        self.attempts.append((going.errand.step, self.now, going.attempt))
        self.fails(going)
        errand = going.errand
        if errand.kind is ErrandKind.EDIT:
            self.edits.append((errand.step, errand.message_id))
        else:
            assert going.nonce not in self.arrived, "sent twice"
            self.arrived[going.nonce] = 1000 + len(self.arrived)
            self.order.append((errand.step, errand.target, self.now))
            self.roles.append((errand.step, going.role_id))
        self.crash()
        return Done(self.arrived.get(going.nonce), 10, 2)

    async def find(self, going, claimed_at):
        found = self.arrived.get(going.nonce)
        return None if found is None else Done(found, 10, 2)


class Bot:
    """One life of the process after another."""

    def __init__(self, store, world, **settings):
        self.store = store
        self.world = world
        self.choices = Choices(CampaignSettings(**settings))
        self.dispatch = None

    async def boot(self):
        self.dispatch = Dispatch(
            self.store,
            self.world,
            lambda: self.world.now,
            self.choices,
            patience=lambda kind: Patience(
                attempts=3 if kind is ErrandKind.HOOK else None
            ),
        )
        await self.dispatch.load()

    async def plan(self, plan=PLAN, targets=ONE, **more):
        kept = await self.store.write(lambda db: records.keep(db, plan))
        made = Campaign(
            plan_id=kept.id,
            guild_id=1,
            made_at=self.world.now,
            by=HOST,
            targets=targets,
            **more,
        )
        await self.store.write(lambda db: errand_records.keep(db, made))
        await self.dispatch.changed(kept.id)
        return kept

    async def change(self, plan):
        await self.store.write(lambda db: records.keep(db, plan))
        await self.dispatch.changed(plan.id)
        await self.at()

    async def at(self, *seconds):
        for second in seconds or [self.world.now - START]:
            self.world.now = START + second
            await self.dispatch.tick()
            await self.dispatch.settled()

    async def rows(self, plan):
        return await self.store.read(lambda db: ledger.of_plan(db, plan.id))


def simulate(story, **settings):
    async def run():
        async with Store(":memory:") as store:
            bot = Bot(store, World(), **settings)
            await bot.boot()
            return await story(bot)

    return asyncio.run(run())


def steps(bot):
    return [step for step, _, _ in bot.world.order]


WHOLE = ["t-10080", "t-4320", "t-1440", "t-60", "t-10"]
TIMES = (-7 * DAY, -3 * DAY, -DAY, -HOUR, -600)


def test_a_campaign_from_the_first_announcement_to_the_replay():
    """Five before, one when it opens, and that one is edited when it is over."""

    async def story(bot):
        plan = await bot.plan(targets=(Target(5, "en", 9),))
        await bot.at(*TIMES)
        await bot.change(replace(plan, state=PlanState.OPENED))
        live = bot.world.arrived[max(bot.world.arrived, key=bot.world.arrived.get)]
        await bot.change(replace(plan, state=PlanState.ENDED))
        await bot.at(HOUR, 2 * HOUR)
        assert steps(bot) == [*WHOLE, "live"]
        assert [at - START for _, _, at in bot.world.order][:5] == list(TIMES)
        assert bot.world.edits == [("ended", live)]
        pinged = [step for step, role in bot.world.roles if role]
        assert pinged == ["t-1440", "live"]
        assert {row.state for row in await bot.rows(plan)} == {"sent"}

    simulate(story)


def test_a_moved_plan_corrects_and_announces_anew():
    """What is there is edited once; what comes goes out at the new times."""

    async def story(bot):
        plan = await bot.plan()
        await bot.at(-7 * DAY, -3 * DAY)
        moved = move(plan, START + DAY)
        await bot.change(moved)
        await bot.at(-DAY, -HOUR, 0, DAY - HOUR, DAY - 600)
        assert sorted(bot.world.edits) == [("changed", 1000), ("changed", 1001)]
        assert steps(bot) == [*WHOLE[:2], *WHOLE[1:]]
        await bot.boot()
        await bot.at(DAY - 500)
        assert len(bot.world.edits) == 2

    simulate(story)


@pytest.mark.parametrize("state", ["cancelled", "missed"])
def test_a_plan_that_is_off_falls_silent(state):
    """Its posts say so; nothing new is posted."""

    async def story(bot):
        plan = await bot.plan()
        await bot.at(-7 * DAY)
        over = cancel(plan, "ill") if state == "cancelled" else None
        await bot.change(over or replace(plan, state=PlanState.MISSED))
        await bot.at(*TIMES)
        assert steps(bot) == ["t-10080"]
        assert bot.world.edits == [(state, 1000)]

    simulate(story)


def test_a_host_hears_of_a_call_off_that_a_crash_cut_off():
    """Kept, and the process died before anybody heard of it."""

    async def story(bot):
        off = replace(cancel(PLAN, "its event is gone"), unasked=True)
        await bot.store.write(lambda db: records.keep(db, off))
        await bot.boot()
        await bot.at(-DAY, -HOUR)
        assert [(step, target) for step, target, _ in bot.world.order] == [
            ("unasked", HOST)
        ]

    simulate(story)


def test_a_bot_that_was_off_sends_the_newest_only():
    """Back two hours before the start: one announcement, which is still true."""

    async def story(bot):
        plan = await bot.plan()
        await bot.at(-2 * HOUR)
        assert steps(bot) == ["t-1440"]
        assert [row.reason for row in await bot.rows(plan) if row.reason] == [
            "superseded",
            "superseded",
        ]
        await bot.at(60)
        assert steps(bot) == ["t-1440"]
        assert {row.reason for row in await bot.rows(plan)} >= {"too late"}

    simulate(story)


def test_a_pause_is_silent_until_it_goes_on():
    """And cancelling ends it."""

    async def story(bot):
        plan = await bot.plan()

        async def turned(state):
            def write(db):
                found = errand_records.campaign(db, plan.id)
                errand_records.keep(db, turn(found, state, bot.world.now))

            await bot.store.write(write)
            await bot.dispatch.changed(plan.id)

        await bot.at(-7 * DAY)
        await turned(CampaignState.PAUSED)
        await bot.at(-3 * DAY, -2 * DAY)
        await turned(CampaignState.ACTIVE)
        await bot.at(-DAY)
        await turned(CampaignState.CANCELLED)
        await bot.at(-HOUR, -600)
        assert steps(bot) == ["t-10080", "t-1440"]

    simulate(story)


def test_what_is_over_the_cap_is_left_out_and_noted():
    """Two campaigns share a channel: the caps count both."""

    async def story(bot):
        first = await bot.plan(targets=(Target(5, "en", 9),))
        second = await bot.plan(
            replace(PLAN, channel_id=4, host_id=8), targets=(Target(5, "en", 9),)
        )
        await bot.at(-DAY)
        rows = await bot.rows(first) + await bot.rows(second)
        newest = [row for row in rows if row.step == "t-1440"]
        assert sorted((row.state, row.reason or "") for row in newest) == [
            ("dropped", "channel cap"),
            ("sent", ""),
        ]

    simulate(story, channel_cap=1)


def test_a_role_over_its_cap_is_not_pinged():
    """The announcement goes out all the same."""

    async def story(bot):
        await bot.plan(targets=(Target(5, "en", 9), Target(6, "es", 9)))
        await bot.at(-DAY)
        assert sorted(role or 0 for step, role in bot.world.roles) == [0, 9]

    simulate(story, role_cap=1)


def test_what_can_never_arrive_is_noted_and_the_rest_goes_on():
    """A deleted channel costs its own announcements only."""

    async def story(bot):
        plan = await bot.plan(targets=(Target(5), Target(6)))

        def gone(going):
            if going.errand.target == 5:
                raise UndeliverableError("channel 5 is gone")

        bot.world.fails = gone
        await bot.at(*TIMES)
        rows = await bot.rows(plan)
        assert {(row.target, row.state) for row in rows} == {(5, "failed"), (6, "sent")}
        assert {row.reason for row in rows} == {None, "channel 5 is gone"}

    simulate(story)


def test_an_outage_is_outlasted_with_growing_pauses():
    """Found or sent when Discord is back, and only while it makes sense."""

    async def story(bot):
        await bot.plan()

        def down(going):
            raise ConnectionError

        bot.world.fails = down
        await bot.at(-7 * DAY, *(-7 * DAY + n for n in range(10, 300, 10)))
        waits = [at - START + 7 * DAY for _, at, _ in bot.world.attempts]
        assert waits == [0, 30, 90, 210]
        bot.world.fails = lambda going: None
        await bot.at(-7 * DAY + 600)
        assert steps(bot) == ["t-10080"]

    simulate(story)


def test_an_attempt_does_not_wait_for_a_clock_that_was_set_back():
    """What failed in the future is tried again now, once, and nothing is lost."""

    async def story(bot):
        await bot.plan()
        bot.world.fails = outage
        await bot.at(-3 * DAY + 2 * HOUR)
        bot.world.fails = lambda going: None
        await bot.at(-3 * DAY, -3 * DAY + 60, -3 * DAY + 3 * HOUR)
        assert steps(bot) == ["t-4320"]

    def outage(going):
        raise ConnectionError

    simulate(story)


def test_a_tool_is_given_up_after_its_attempts():
    """Over a restart as well: attempts are in the row."""

    async def story(bot):
        hook = await bot.store.write(
            lambda db: webhooks.add(
                db, webhooks.WebhookRow(0, 1, "b", "https://x", "s", "on", "", 1, 0.0)
            )
        )
        plan = await bot.plan(targets=())

        def slow(going):
            raise LaterError("503", after_s=120)

        bot.world.fails = slow
        await bot.at(-7 * DAY)
        await bot.boot()
        await bot.at(-7 * DAY + 60, -7 * DAY + 120, -7 * DAY + 300)
        (row,) = await bot.rows(plan)
        assert (row.target, row.state, row.attempts) == (hook, "failed", 2)
        assert row.reason == "given up: 503"
        assert [attempt for _, _, attempt in bot.world.attempts] == [1, 2, 3]

    simulate(story)


def test_a_slow_tool_holds_up_no_announcement():
    """An errand on its way is nobody else's business."""

    async def story(bot):
        await bot.store.write(
            lambda db: webhooks.add(
                db, webhooks.WebhookRow(0, 1, "b", "https://x", "s", "on", "", 1, 0.0)
            )
        )
        await bot.plan()
        answered = asyncio.Event()
        deliver = bot.world.deliver

        async def slow(going):
            if going.errand.kind is ErrandKind.HOOK:
                await answered.wait()
            return await deliver(going)

        bot.world.deliver = slow
        bot.world.now = START - 7 * DAY
        await bot.dispatch.tick()
        async with asyncio.timeout(30):
            while not bot.world.order:  # noqa: ASYNC110 (the world has no event for it)
                await asyncio.sleep(0)
        assert [target for _, target, _ in bot.world.order] == [5]
        answered.set()
        await bot.dispatch.settled()
        assert len(bot.world.order) == 2

    simulate(story)


def test_guests_are_asked_and_the_answer_stops_it():
    """Through the same rows as everything else."""

    async def story(bot):
        plan = await bot.store.write(lambda db: records.keep(db, PLAN))
        invited = Guest(
            plan_id=plan.id,
            user_id=ANA,
            slot=Slot("minute", 20),
            invited_by=HOST,
            invited_at=bot.world.now,
        )
        await bot.store.write(lambda db: errand_records.keep_guest(db, invited))
        await bot.dispatch.changed(plan.id)
        await bot.at(-10 * DAY, -9 * DAY)
        came = guest_rules.answer(plan, invited, comes=True, now=bot.world.now)
        await bot.store.write(lambda db: errand_records.keep_guest(db, came))
        await bot.dispatch.changed(plan.id)
        await bot.at(-DAY, -3 * HOUR, -1800)
        assert bot.world.order == [
            ("invite", ANA, START - 10 * DAY),
            ("remind", ANA, START - 9 * DAY),
            ("ready", ANA, START - 1800),
        ]
        kept = await bot.store.read(lambda db: errand_records.guest(db, plan.id, ANA))
        assert kept == came

    simulate(story)


@pytest.mark.parametrize("seed", range(5))
def test_kill_at_any_instant_sends_exactly_once(seed):
    """A fortnight with moves and cancellations, killed at random instants."""
    chance = random.Random(seed)

    def maybe_die():
        if chance.random() < 0.25:
            raise Crash

    async def story(bot):
        plans = [
            await bot.plan(
                replace(PLAN, starts_at=START + day * DAY, channel_id=day, host_id=day),
                targets=(Target(50 + day), Target(90 + day)),
            )
            for day in range(6)
        ]
        bot.world.crash = maybe_die

        async def survive(step):
            while True:
                try:
                    await step()
                    return
                except Crash:
                    await asyncio.gather(
                        *bot.dispatch._going.values(), return_exceptions=True
                    )
                    await bot.boot()

        states = {}
        moments = range(-10 * 1440, 8 * 1440, 10)
        for minute in (m for m in moments if m % 120 == 0 or m % 1440 > 1360):
            bot.world.now = START + minute * 60 + chance.random()
            if minute == -2 * 1440:
                states[0] = cancel(plans[0], "ill")
                states[1] = move(plans[1], plans[1].starts_at + DAY)
            if minute == 2 * 1440:
                states[2] = replace(plans[2], state=PlanState.OPENED)
            if minute == 2 * 1440 + 120:
                states[3] = replace(plans[2], state=PlanState.ENDED)
            for plan in states.values():
                await bot.store.write(lambda db, p=plan: records.keep(db, p))
                await bot.dispatch.changed(plan.id)
            states.clear()
            await survive(bot.at)
        for number, plan in enumerate(plans):
            rows = await bot.rows(plan)
            assert {row.state for row in rows} <= {"sent", "dropped"}, number
            sent = sorted(row.step for row in rows if row.state == "sent")
            if number >= 3:
                assert sent == sorted(2 * WHOLE), number
            if number == 0:
                assert sent == sorted(2 * [*WHOLE[:2], "cancelled", "cancelled"])
            if number == 1:
                corrected = sent.count("changed"), sent.count("t-10")
                assert corrected in ((2, 2), (4, 2)), sent
            if number == 2:
                assert sent.count("live") == sent.count("ended") == 2

    simulate(story)


def test_the_campaign_survives_the_record():
    """What is read back is what was kept."""

    async def story(bot):
        plan = await bot.plan(
            targets=(Target(5, "es", 9), Target(6)),
            words={"en": "Ñandú"},
            teasers={"es": ("a", "b")},
            requests=(1.0,),
        )
        kept = await bot.store.read(lambda db: errand_records.campaign(db, plan.id))
        assert kept.targets == (Target(5, "es", 9), Target(6))
        assert (kept.words, kept.teasers) == ({"en": "Ñandú"}, {"es": ("a", "b")})
        assert await bot.store.read(lambda db: errand_records.campaigns_of(db, 1)) == [
            kept
        ]

    simulate(story)


def test_where_a_guild_announces_is_kept_and_dropped():
    """One row a channel; the newest language and role count."""

    async def story(bot):
        def write(db):
            row = campaign_rows.ChannelRow
            campaign_rows.set_channel(db, row(1, 5, "en", None))
            campaign_rows.set_channel(db, row(1, 5, "es", 9))
            found = campaign_rows.channels(db, 1)
            dropped = [campaign_rows.drop_channel(db, 1, 5) for _ in range(2)]
            return found, dropped

        found, dropped = await bot.store.write(write)
        assert found == [campaign_rows.ChannelRow(1, 5, "es", 9)]
        assert dropped == [True, False]

    simulate(story)


def test_the_loop_wakes_by_itself():
    """What is due now goes out without anybody's tick; stopping leaves nothing."""

    async def story(bot):
        plan = await bot.plan()
        bot.world.now = START - 7 * DAY
        arrived = asyncio.Event()
        bot.world.crash = arrived.set
        running = asyncio.create_task(bot.dispatch.run())
        async with asyncio.timeout(30):
            await arrived.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await bot.dispatch.stop()
        assert steps(bot) == ["t-10080"]
        assert [row.state for row in await bot.rows(plan)] == ["sent"]

    simulate(story)


async def refuse(run):
    raise StoreError("the disk is full")


def test_what_cannot_be_claimed_is_due_at_the_next_look():
    """A disk that is full at the minute costs a while, not the announcement."""

    async def story(bot):
        await bot.plan()
        write, bot.store.write = bot.store.write, refuse
        with pytest.raises(StoreError):
            await bot.at(-7 * DAY)
        bot.store.write = write
        await bot.at(-7 * DAY + 30)
        assert steps(bot) == ["t-10080"]

    simulate(story)


def test_a_full_disk_calls_nobody_again_and_again():
    """What cannot be noted is looked for again after a pause, not at once."""

    async def story(bot):
        plan = await bot.plan()
        write = bot.store.write
        bot.store.read = write  # in memory, reading goes the way of writing
        bot.world.crash = lambda: setattr(bot.store, "write", refuse)
        await bot.at(-7 * DAY)
        assert bot.dispatch.next_at() == START - 7 * DAY + 30
        bot.world.crash, bot.store.write = (lambda: None), write
        await bot.at(-7 * DAY + 30)
        assert steps(bot) == ["t-10080"]
        assert [row.state for row in await bot.rows(plan)] == ["sent"]

    simulate(story)
