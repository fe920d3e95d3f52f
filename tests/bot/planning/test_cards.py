"""Cards beside the rows: posted once, edited in place, over trouble and crashes."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock import ManualClock
from bot.planning import cards as module
from bot.planning.cardport import CardGoneError, CardRefusedError, UnseenError
from bot.planning.cards import Cards
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.store import cards as rows
from moderation.store.database import Store
from scheduler.clockwork import records, series
from scheduler.clockwork.clockwork import Clockwork
from scheduler.plans import PlanState, turn
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 86400.0
PLAN = tea(NOW + HOUR, post_channel_id=5)
HOST = Asker(3, 1)
WORDS = Wording(load())


class Crash(BaseException):
    """The process dies here."""


class Channel:
    """A channel with cards in it; ``trouble`` by call is raised before it is done."""

    def __init__(self):
        self.texts, self.buttons, self.nonces = {}, {}, {}
        self.trouble, self.crash_after = {}, None
        self.calls = []

    def note(self, call):
        self.calls.append(call)
        if call in self.trouble:
            raise self.trouble[call]

    def put(self, message_id, shown, call):
        self.texts[message_id] = shown.text
        self.buttons[message_id] = len(shown.view.children) if shown.view else 0
        if self.crash_after == call:
            raise Crash

    async def post(self, channel_id, shown, nonce):
        self.note("post")
        message_id = 100 + len(self.nonces)
        self.nonces[nonce] = message_id
        self.put(message_id, shown, "post")
        return message_id

    async def find(self, channel_id, nonce, since):
        self.note("find")
        return self.nonces.get(nonce)

    async def edit(self, channel_id, message_id, shown):
        self.note("edit")
        if message_id not in self.texts:
            raise CardGoneError("plan.unseen.deleted")
        self.put(message_id, shown, "edit")

    def writes(self):
        return [call for call in self.calls if call != "find"]


class Bot:
    """A planner and its cards, on one record."""

    def __init__(self, store, channel):
        self.clock = ManualClock(NOW)
        self.store, self.channel = store, channel
        settings = SchedulerSettings()
        self.clockwork = Clockwork(store, [], self.clock.now, settings)
        self.planner = Planner(store, self.clockwork, self.clock, settings)
        self.cards = Cards(store, channel, WORDS, self.clock)

    async def schedule(self, repeat=None, **fields):
        plans = await self.planner.schedule(replace(PLAN, **fields), repeat)
        return plans[0], await self.cards.show(plans[0].id)

    async def become(self, plan, state):
        kept = await self.store.read(lambda db: records.get(db, plan.id))
        await self.store.write(lambda db: records.keep(db, turn(kept, state)))
        return await self.cards.show(plan.id)

    async def row(self, plan):
        return await self.store.read(lambda db: rows.get(db, plan.id))

    def text(self):
        (text,) = self.channel.texts.values()
        return text


def play(scene):
    async def main():
        async with Store(":memory:") as store:
            await scene(Bot(store, Channel()))

    asyncio.run(main())


def test_one_card_follows_its_plan():
    """Posted once; renamed, moved, opened and ended in place."""

    async def scene(bot):
        plan, trouble = await bot.schedule()
        assert trouble is None
        assert bot.text() == (
            "🗓️ **Tea**\n<t:1800003600:F> (<t:1800003600:R>), 60 min in <#2>,"
            " hosted by <@3>"
        )
        later = {"topic": "Coffee", "starts_at": NOW + 2 * HOUR}
        await bot.planner.edit(plan.id, HOST, later)
        for _ in range(2):
            await bot.cards.show(plan.id)
        assert bot.text().splitlines()[1:] == [
            "<t:1800007200:F> (<t:1800007200:R>), 60 min in <#2>, hosted by <@3>",
            "🔁 It has moved. Before it was <t:1800003600:f>.",
        ]
        assert bot.channel.buttons == {100: 3}
        for state, words in [
            (PlanState.OPENED, "**Coffee** is open: come to <#2>"),
            (PlanState.ENDED, "**Coffee** is over"),
        ]:
            assert await bot.become(plan, state) is None
            assert words in bot.text()
            assert bot.channel.buttons == {100: 0}
        assert bot.channel.writes() == ["post", "edit", "edit", "edit"]

    play(scene)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_card_that_is_over_says_why_and_has_no_buttons(language):
    """Called off with the reason in its host's words, or missed."""

    async def scene(bot):
        plan, _ = await bot.schedule(language=language)
        await bot.planner.cancel(plan.id, HOST, "It *rains*")
        await bot.cards.show(plan.id)
        assert r"It \*rains\*" in bot.text()
        assert bot.text().startswith("❌ **Tea**")
        missed, _ = await bot.schedule(language=language, starts_at=NOW + 9 * HOUR)
        await bot.become(missed, PlanState.MISSED)
        assert bot.channel.buttons == {100: 0, 101: 0}

    play(scene)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["post", "edit"])
def test_a_crash_doubles_and_loses_nothing(call, when):
    """Between the row and the card, or between the card and its note."""

    async def scene(bot):
        if call == "edit":
            plan, _ = await bot.schedule()
            await bot.planner.cancel(plan.id, HOST, "rain")
        if when == "before":
            bot.channel.trouble = {call: Crash()}
        else:
            bot.channel.crash_after = call
        with pytest.raises(Crash):
            await (bot.schedule() if call == "post" else bot.cards.show(plan.id))
        bot.channel.trouble, bot.channel.crash_after = {}, None
        again = Bot(bot.store, bot.channel)
        await again.cards.look()
        assert len(bot.channel.texts) == 1
        assert ("❌" in bot.text()) == (call == "edit")
        before = len(bot.channel.calls)
        await again.cards.look()
        assert len(bot.channel.calls) == before

    play(scene)


def test_a_card_that_was_deleted_is_not_posted_again():
    """Whoever changes the plan is told each time, and Discord is asked once."""

    async def scene(bot):
        plan, _ = await bot.schedule()
        bot.channel.texts.clear()
        for number in range(3):
            await bot.planner.edit(plan.id, HOST, {"topic": f"Tea {number}"})
            assert await bot.cards.show(plan.id) == "plan.unseen.deleted"
        await Bot(bot.store, bot.channel).cards.look()
        assert bot.channel.writes() == ["post", "edit"]

    play(scene)


def test_what_is_forbidden_is_told_and_follows_at_the_next_look():
    """The plan stands meanwhile."""

    async def scene(bot):
        bot.channel.trouble = {"post": CardRefusedError("plan.unseen.may_not")}
        plan, trouble = await bot.schedule()
        assert trouble == "plan.unseen.may_not"
        assert (await bot.row(plan)).claimed_at is None
        bot.channel.trouble = {}
        await bot.cards.look()
        assert len(bot.channel.texts) == 1
        assert "find" not in bot.channel.calls

    play(scene)


def test_what_is_over_is_not_tried_for_ever():
    """Where the bot was removed no card can be set right."""

    async def scene(bot):
        plan, _ = await bot.schedule()
        bot.channel.trouble = {"edit": CardRefusedError("plan.unseen.may_not")}
        await bot.planner.cancel(plan.id, HOST, "")
        for _ in range(3):
            await bot.cards.look()
        assert bot.channel.writes() == ["post", "edit"]

    play(scene)


def test_what_fails_for_the_moment_is_tried_again():
    """Looked for first: it may be there for all that the answer was lost."""

    async def scene(bot):
        bot.channel.trouble = {"post": UnseenError("plan.unseen.failed")}
        _, trouble = await bot.schedule()
        assert trouble == "plan.unseen.failed"
        bot.channel.trouble = {}
        await bot.cards.look()
        assert bot.channel.calls == ["post", "find", "post"]

    play(scene)


def test_a_plan_that_ended_unposted_gets_no_card():
    """What nobody could see needs no end either."""

    async def scene(bot):
        bot.channel.trouble = {"post": CardRefusedError("plan.unseen.may_not")}
        plan, _ = await bot.schedule()
        bot.channel.trouble = {}
        await bot.planner.cancel(plan.id, HOST, "rain")
        assert await bot.cards.show(plan.id) is None
        assert bot.channel.texts == {}

    play(scene)


def test_two_hints_at_once_make_one_card():
    """The answer to the command and the clockwork both look at the plan."""

    async def scene(bot):
        (plan,) = await bot.planner.schedule(PLAN)
        await asyncio.gather(*(bot.cards.show(plan.id) for _ in range(3)))
        assert bot.channel.calls == ["post"]

    play(scene)


def test_of_a_series_only_the_next_space_has_a_card():
    """The following one's comes when that is over, once."""

    async def scene(bot):
        plan, _ = await bot.schedule("daily")
        await bot.cards.look()
        assert len(bot.channel.texts) == 1
        for state in (PlanState.OPENED, PlanState.ENDED):
            await bot.become(plan, state)
        again = Bot(bot.store, bot.channel)
        for _ in range(2):
            await again.cards.look()
            await again.cards.look()
        shown = list(bot.channel.texts.values())
        assert ["is over" in text for text in shown] == [True, False]
        assert f"<t:{round(NOW + HOUR + DAY)}:F>" in shown[1]

    play(scene)


def test_a_card_says_that_its_plan_is_one_of_a_series():
    """And how often it comes, while it does; one alone says nothing of it."""

    async def scene(bot):
        plan, _ = await bot.schedule("weekly")
        assert "\n🔁 One of a series: every week." in bot.text()
        await bot.cards.look()
        assert bot.channel.writes() == ["post"]
        weekly = await bot.store.read(lambda db: series.get(db, plan.series_id))
        rule = replace(weekly.series.rule, interval=3)
        rare = replace(weekly, series=replace(weekly.series, rule=rule))
        await bot.store.write(lambda db: series.keep(db, rare))
        await bot.cards.look()
        assert bot.text().endswith("\n🔁 One of a series.")
        await bot.store.write(lambda db: series.keep(db, replace(rare, over=True)))
        await bot.cards.look()
        assert "series" not in bot.text()
        assert bot.channel.writes() == ["post", "edit", "edit"]

    play(scene)


def test_the_last_card_of_a_series_promises_no_further_one():
    """A series may have an end: nothing comes after that."""

    async def scene(bot):
        (plan,) = await bot.planner.schedule(
            PLAN, "weekly", until=datetime.fromtimestamp(NOW + DAY, UTC).date()
        )
        await bot.cards.show(plan.id)
        assert "series" not in bot.text()

    play(scene)


@pytest.mark.parametrize(
    ("wait_s", "said"), [(None, ""), (60.0, " one minute."), (300.0, " 5 minutes.")]
)
def test_a_card_says_how_long_its_host_is_waited_for(wait_s, said):
    """Where the host chose it; changed later, the card says it too."""

    async def scene(bot):
        plan, _ = await bot.schedule(auto_start=True, absent="cancel")
        assert bot.text().endswith("without the host it is called off.")
        await bot.planner.edit(plan.id, HOST, {"wait_s": wait_s})
        await bot.cards.look()
        waited = f" The host is waited for{said}" if said else ""
        assert bot.text().endswith(f"without the host it is called off.{waited}")

    play(scene)


def test_a_plan_without_a_channel_has_no_card():
    """And a plan of an earlier version has none either."""

    async def scene(bot):
        _, trouble = await bot.schedule(post_channel_id=None)
        assert trouble is None
        await bot.cards.look()
        assert bot.channel.calls == []

    play(scene)


def test_a_card_that_takes_longer_than_a_pause_is_finished(monkeypatch):
    """Discord's limits may hold a post up; the pause is for waiting, not for doing."""
    monkeypatch.setattr(module, "LOOK_S", 0.01)

    async def scene(bot):
        post, posted = bot.channel.post, asyncio.Event()

        async def slow(*args):
            await asyncio.sleep(0.05)
            message_id = await post(*args)
            posted.set()
            return message_id

        bot.channel.post = slow
        loop = asyncio.create_task(bot.cards.run())
        await asyncio.sleep(0.02)  # it has looked, and waits
        (plan,) = await bot.planner.schedule(PLAN)
        await bot.cards.changed(plan.id)
        try:
            async with asyncio.timeout(30):
                await posted.wait()
        finally:
            loop.cancel()

    play(scene)
