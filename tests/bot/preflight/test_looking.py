"""What the look before a Space finds where things are gone, without any Discord."""

import asyncio

import pytest

from bot import config as configuration
from bot.build import build
from bot.preflight.gonogo import GoNoGo
from bot.preflight.looking import Looking, machine
from bot.preflight.practices import Practices
from bot.refusals import Impossible
from moderation.store import rules, spaces, voice_checks
from moderation.store.spaces import NewSpace
from moderation.store.voice_checks import VoiceCheckRow
from scheduler.clockwork import errand_records, records
from scheduler.clockwork.deliveries import Notice, UndeliverableError
from scheduler.guests.guest import Guest, GuestState
from scheduler.preflight.card import cards
from scheduler.preflight.settings import PreflightSettings
from scheduler.sends import Timing
from tests.scheduler.sample import tea

START = 1_800_000_000.0
HOST, ANA, BEN, EVA = 3, 7, 8, 9
PLAN = tea(START, host_id=HOST, post_channel_id=5)


def bot_with(tmp_path, story):
    """Run ``story`` on a bot that is in no guild any more."""
    document = {"store": {"folder": str(tmp_path)}, "speech": {"model": ""}}

    async def main():
        bot = build(configuration.parse(document))
        async with bot.store:
            return await story(bot)

    return asyncio.run(main())


def guest(user_id, state=GuestState.INVITED):
    return Guest(
        plan_id=1,
        user_id=user_id,
        state=state,
        invited_by=HOST,
        invited_at=0.0,
        answered_for=START,
    )


async def facts_of(bot):
    def write(db):
        plan = records.keep(db, PLAN)
        states = (GuestState.CONFIRMED, GuestState.INVITED, GuestState.DECLINED)
        for user_id, state in zip((ANA, BEN, EVA), states, strict=True):
            errand_records.keep_guest(db, guest(user_id, state))
        voice_checks.keep(db, 1, VoiceCheckRow(ANA, 100.0, 72, "noise:noisy"))
        rules.write(db, 1, "", "Be kind.", HOST, 0.0)
        return plan

    plan = await bot.store.write(write)
    return await Looking(bot.house, bot.rooms).facts(plan)


def test_a_guild_that_removed_the_bot_leaves_no_room_and_no_channel(tmp_path):
    """Nobody is said to have left where nobody could be asked."""
    facts = bot_with(tmp_path, facts_of)

    assert not facts.room.there
    assert [one.there for one in facts.postings] == [False]
    assert all(one.in_guild for one in (facts.host, *facts.guests))


def test_what_the_record_knows_of_people_is_found(tmp_path):
    """Who declined is nobody's trouble any more; faults go by their name."""
    facts = bot_with(tmp_path, facts_of)
    ana, ben = facts.guests

    assert (ana.user_id, ana.confirmed, ana.score) == (ANA, True, 72)
    assert ana.faults == ("noise",)
    assert (ben.user_id, ben.confirmed, ben.checked_at) == (BEN, False, None)
    assert facts.rules


@pytest.mark.parametrize(
    ("model", "expected"), [("", "off"), ("/no/such/model", "absent")]
)
def test_a_speech_model_is_there_absent_or_off(tmp_path, model, expected):
    """Nothing is downloaded to find out."""
    config = configuration.parse(
        {"store": {"folder": str(tmp_path / "later")}, "speech": {"model": model}}
    )
    found = machine(config, smaller_fails=True)

    assert found.model == expected
    assert found.free_mb > 0


@pytest.mark.parametrize(
    ("fails", "expected"), [(False, "ready"), (True, "no_smaller")]
)
def test_a_smaller_model_that_failed_is_seen_before_the_next_space(
    tmp_path, fails, expected
):
    """Its files are whole: only the recogniser knows."""
    (tmp_path / "config.json").write_text('{"suppress_ids": []}')
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "vocabulary.json").write_text("[]")
    (tmp_path / "model.bin").write_bytes(b"\6\0\0\0\x0c\0WhisperSpec\0")
    config = configuration.parse(
        {"store": {"folder": str(tmp_path)}, "speech": {"model": str(tmp_path)}}
    )

    assert machine(config, smaller_fails=fails).model == expected


def test_a_card_for_a_guild_that_is_gone_is_given_up(tmp_path):
    """It is not tried again and again."""

    async def story(bot):
        house, settings = bot.house, PreflightSettings()
        looking = Looking(house, bot.rooms)
        gonogo = GoNoGo(
            house.store, house.client, house.wording, looking, house.clock, settings
        )
        (send,) = cards(PLAN, settings)
        notice = Notice(PLAN, send, Timing.ON_TIME, "n")
        with pytest.raises(UndeliverableError, match="guild 1 is gone"):
            await gonogo.deliver(notice)

    bot_with(tmp_path, story)


def test_a_practice_needs_a_channel_that_is_there(tmp_path):
    """It was deleted while the bot was off."""

    async def nobody(*_):
        raise AssertionError

    async def story(bot):
        practices = Practices(bot.rooms, nobody, bot.house.clock)
        with pytest.raises(Impossible) as refused:
            practices.venue(PLAN)
        return refused.value.key

    assert bot_with(tmp_path, story) == "practice_no_channel"


def test_what_a_kill_left_is_ended_where_its_channel_is_gone(tmp_path):
    """There is no panel to speak of, and the row is over all the same."""

    async def nobody(*_):
        raise AssertionError

    async def story(bot):
        left = NewSpace(
            guild_id=1,
            channel_id=2,
            host_id=HOST,
            kind="voice",
            topic="Tea",
            opened_at=1.0,
            plan_id=99,
            practice=True,
        )
        await bot.store.write(lambda db: spaces.create(db, left))
        practices = Practices(bot.rooms, nobody, bot.house.clock)
        await practices.recover()
        return await bot.store.read(spaces.practices)

    assert bot_with(tmp_path, story) == []
