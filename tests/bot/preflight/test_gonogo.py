"""The go/no-go card against the stand-in: in private, by name, looked at again."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from bot.preflight import gonogo
from bot.preflight.gonogo import GoNoGo
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.store import sends
from moderation.store.database import Store
from moderation.store.sends import SendRow
from scheduler.clockwork import records
from scheduler.clockwork.outbound import LaterError
from scheduler.plans import PlanState
from scheduler.preflight import card
from tests.bot.promotion.test_promotion import planned, promoting, said
from tests.bot.waiting import until
from tests.scheduler.sample import tea

PLAN = tea(1_800_000_000.0, state=PlanState.CANCELLED)


def has(message, verb):
    return f":{verb}:" in json.dumps(message["components"])


async def card_of(stand_in, verb="gonogo_again"):
    return await stand_in.sightings.message(lambda m: has(m, verb), "the card")


def test_the_host_reads_in_private_what_is_missing_and_looks_again(tmp_path):
    """A plan of ten minutes ahead has its card at once; it is edited in place."""

    async def main():
        async with promoting(tmp_path) as (stand_in, _):
            await until(lambda: stand_in.world.commands)
            await planned(stand_in, "David", "in 10 minutes")
            sent = await card_of(stand_in)
            card_id = int(sent["id"])
            direct = int(sent["channel_id"])
            assert direct in stand_in.world.direct
            shown = stand_in.world.messages[direct][card_id]
            david, emma = stand_in.member("David"), stand_in.member("Emma")
            assert shown["content"].startswith("**GO.** The survey")
            assert f"Voice not checked lately: <@{david.id}>" in shown["content"]
            await said(
                stand_in, "David", "host guest-invite", plan=1, member=str(emma.id)
            )
            await stand_in.member("Carmen").join(stand_in.voice_channel_id)
            await stand_in.member("David").join(stand_in.voice_channel_id)
            again = shown["components"][0]["components"][0]["custom_id"]
            await david.click(card_id, again)
            await until(lambda: "NO-GO" in shown["content"])
            assert (
                f"**No:** Invited and not confirmed: <@{emma.id}>" in (shown["content"])
            )
            assert f"In the room already: <@{david.id}>." in shown["content"]
            assert has(shown, "gonogo_again")
            other = await said(stand_in, "Emma", "check space", plan=1)
            assert "host" in other
            own = await said(stand_in, "David", "check space")
            assert "NO-GO" in own
            await said(stand_in, "David", "space edit", plan=1, when="in 3 hours")
            await until(lambda: "was moved" in shown["content"])
            assert not shown["components"]
            await said(stand_in, "David", "space cancel", plan=1)
            await until(lambda: "called off" in shown["content"])
            assert not shown["components"]
            cards = [
                one
                for one in stand_in.world.messages[direct].values()
                if has(one, "gonogo_again") or one is shown
            ]
            assert len(cards) == 1
            await verdict_alone(stand_in)

    asyncio.run(main())


async def verdict_alone(stand_in):
    """Who takes no private messages is mentioned without anybody's figures."""
    frank = stand_in.member("Frank")
    frank.refuse_direct()
    await planned(stand_in, "Frank", "in 10 minutes")
    sent = await card_of(stand_in, "gonogo_show")
    assert int(sent["channel_id"]) == stand_in.text_channel_id
    assert [one["id"] for one in sent["mentions"]] == [str(frank.id)]
    assert "Voice" not in sent["content"]
    button = sent["components"][0]["components"][0]["custom_id"]
    for name, words in (("Emma", "host"), ("Frank", "Voice not checked")):
        pressed = await stand_in.member(name).click(int(sent["id"]), button)
        await until(lambda p=pressed: p.original_id and not p.loading)
        seen = stand_in.member(name).seen(pressed.original_id)
        assert words in seen["content"]


def test_a_card_waits_while_discord_has_trouble_with_the_guild():
    """It would call the room gone that cannot be seen."""
    guild = SimpleNamespace(unavailable=True)
    client = SimpleNamespace(get_guild=lambda _: guild)
    cards = GoNoGo(None, client, None, None, None, None)
    notice = SimpleNamespace(plan=SimpleNamespace(guild_id=1))

    with pytest.raises(LaterError):
        asyncio.run(cards.deliver(notice))


class Card:
    """A card in private, and a Discord that answers its edits with troubles first."""

    def __init__(self, *troubles):
        self.troubles = list(troubles)
        self.edits = []

    async def edit(self, *, content, view):
        self.edits.append(content)
        if self.troubles:
            raise self.troubles.pop(0)


def sent(db, plan):
    row = SendRow(
        key="k",
        plan_id=plan.id,
        kind=card.KIND,
        due_at=0.0,
        state="claimed",
        nonce="n",
        claimed_at=0.0,
    )
    sends.claim(db, [row])
    sends.settle(db, "k", "sent", 1.0, message_id=9)


@pytest.mark.parametrize(
    ("troubles", "edits"), [((), 1), ((OSError(),), 2), ((OSError(), OSError()), 3)]
)
def test_a_card_shows_a_change_once_discord_has_taken_it(monkeypatch, troubles, edits):
    """An edit that failed is made again at the next hint; one that went is not."""
    shown = Card(*troubles)
    monkeypatch.setattr(gonogo, "_message", lambda place, message_id: shown)

    async def direct():
        return None

    async def user(_):
        return SimpleNamespace(create_dm=direct)

    client = SimpleNamespace(fetch_user=user, get_channel=lambda _: None)

    async def main():
        async with Store(":memory:") as store:
            plan = await store.write(lambda db: records.keep(db, PLAN))
            await store.write(lambda db: sent(db, plan))
            cards = GoNoGo(store, client, Wording(load()), None, None, None)
            for _ in range(4):
                await cards.hints.changed(plan.id)
                await cards.hints.settled()

    asyncio.run(main())
    assert len(shown.edits) == edits
    assert "called off" in shown.edits[0]
