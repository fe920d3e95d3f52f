"""Whether the clock is believed: what is asked, when, and what the log has of it."""

import asyncio

import pytest

from bot.afterwards.doubts import Doubts
from moderation.store import audit, consents, journal, spaces
from moderation.store.audit import AuditRow
from moderation.store.consents import ConsentRow
from moderation.store.database import Store
from scheduler.retention import DAY_S

NOW = 1_800_000_000.0


def play(script, *, opened=NOW - 40 * DAY_S, theirs=lambda: None):
    """Run ``script(doubts, store)`` over a record of one Space."""
    space = spaces.NewSpace(
        guild_id=1, channel_id=2, host_id=3, kind="stage", topic="", opened_at=opened
    )

    async def main():
        async with Store(":memory:") as store:
            await store.write(lambda db: spaces.create(db, space))
            return await script(Doubts(store, theirs), store)

    return asyncio.run(main())


def deed(db, at):
    audit.record(
        db, AuditRow(guild_id=1, space_id=1, actor_id=3, action="a", subject="", at=at)
    )


def answer(db, at):
    row = ConsentRow(
        guild_id=1, user_id=3, level=1, text_version=1, source="command", at=at
    )
    consents.record(db, row)


@pytest.mark.parametrize(
    "write",
    [
        None,
        deed,
        answer,
        lambda db, at: journal.append(db, 1, at, "E", "{}"),
        lambda db, at: spaces.end(db, 1, at),
    ],
)
def test_anything_that_was_written_lately_speaks_for_the_clock(write):
    """Where there is nothing, Discord is waited for."""

    async def script(doubts, store):
        if write is not None:
            await store.write(lambda db: write(db, NOW - DAY_S))
        return await doubts.any(NOW)

    assert play(script) == (write is None)


def test_what_is_written_by_the_doubted_clock_does_not_speak_for_it():
    """Only what was there before the first look does."""

    async def script(doubts, store):
        before = await doubts.any(NOW)
        await store.write(lambda db: deed(db, NOW))
        return before, await doubts.any(NOW)

    assert play(script) == (True, True)


def test_discord_ends_the_doubt_and_the_log_has_each_once(caplog):
    """Whatever the record says, and again when it comes back."""
    heard = [None, None, NOW - 90 * DAY_S, NOW, NOW - 90 * DAY_S]
    hours = iter(heard)

    async def script(doubts, _store):
        return [await doubts.any(NOW) for _ in heard]

    assert play(script, theirs=lambda: next(hours)) == [True, True, True, False, True]
    told = [one.message.split(" is ")[1].split(" by")[0] for one in caplog.records]
    assert told == [
        "deleted yet: the record",
        "deleted yet: the clock of this machine",
        "deleted yet: the clock of this machine",
    ]
