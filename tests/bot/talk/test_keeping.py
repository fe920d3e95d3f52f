"""What is said on its way into a record that may refuse it."""

import asyncio
import logging

import pytest

from bot.talk import keeping
from bot.talk.keeping import KEPT, REFUSED, Keeper
from moderation.store.database import StoreError
from tests.bot.waiting import until


class Record:
    """A record whose disk is full for a while."""

    def __init__(self):
        self.full, self.kept, self.attempts = False, [], 0

    async def write(self, write):
        await asyncio.sleep(0)
        self.attempts += 1
        if self.full:
            raise StoreError("disk full")
        write(self.kept)


def note(word):
    return lambda kept: kept.append(word)


def kept(play):
    """Run ``play(keeper, record, told)``; return the record and what hosts read."""
    record, told = Record(), []

    async def main():
        keeper = Keeper(record, 1, told.append)
        await play(keeper, record, told)
        await asyncio.wait_for(keeper.stop(), 5.0)

    asyncio.run(main())
    return record, told


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Try again at once."""
    monkeypatch.setattr(keeping, "RETRY_S", 0.01)


def test_everything_is_kept_in_order_and_waited_for():
    """Nobody is told of what works."""

    async def play(keeper, _record, _told):
        for word in "abc":
            keeper.write(note(word))

    record, told = kept(play)

    assert (record.kept, told) == (["a", "b", "c"], [])


def test_what_a_full_disk_refuses_is_kept_when_there_is_room():
    """In order, once, and the hosts hear of both; once, however often it is tried."""

    async def play(keeper, record, told):
        keeper.write(note("a"))
        await until(lambda: record.kept)
        record.full = True
        keeper.write(note("b"))
        await until(lambda: record.attempts > 2)
        keeper.write(note("c"))
        await until(lambda: record.attempts > 6)
        record.full = False
        await until(lambda: KEPT in told)

    record, told = kept(play)

    assert record.kept == ["a", "b", "c"]
    assert told == [REFUSED, KEPT]


def test_room_that_comes_with_the_end_is_used():
    """The last attempt is at the stop, which waits for no pause."""

    async def play(keeper, record, _told):
        record.full = True
        keeper.write(note("a"))
        await until(lambda: record.attempts)
        record.full = False

    record, _ = kept(play)

    assert record.kept == ["a"]


def test_what_is_refused_to_the_end_is_counted_in_the_log(caplog):
    """A process that has to stop does not wait for a disk."""

    async def play(keeper, record, _told):
        record.full = True
        keeper.write(note("a"))
        keeper.write(note("b"))

    with caplog.at_level(logging.ERROR):
        record, _ = kept(play)

    assert record.kept == []
    assert "2 writes are lost" in caplog.text


def test_a_write_that_cannot_work_holds_nobody_up(caplog):
    """A mistake of ours is logged by its type, never by its words."""

    def broken(_kept):
        raise ValueError("said in confidence")

    async def play(keeper, _record, _told):
        keeper.write(broken)
        keeper.write(note("a"))

    record, told = kept(play)

    assert (record.kept, told) == (["a"], [])
    assert "ValueError" in caplog.text
    assert "confidence" not in caplog.text
