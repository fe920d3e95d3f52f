"""Who was in which Space."""

import asyncio
import json

from moderation.store import journal, spaces
from moderation.store.database import Store


def test_who_was_in_earlier_spaces_of_the_guild(tmp_path):
    """Neither those of another guild, nor a practice, nor whoever was erased."""

    def write(db):
        def held(guild_id, at, *people, practice=False):
            space = spaces.NewSpace(
                guild_id=guild_id,
                channel_id=5,
                host_id=9,
                kind="stage",
                topic="Bees",
                opened_at=at,
                practice=practice,
            )
            space_id = spaces.create(db, space)
            for user_id in people:
                body = json.dumps({"user_id": user_id})
                journal.append(db, space_id, at, "MemberJoined", body)

        held(1, 10.0, 100, 101, -3)
        held(1, 20.0, 102)
        held(2, 10.0, 103)
        held(1, 10.0, 104, practice=True)
        return [spaces.visitors_before(db, 1, at) for at in (10.0, 20.0, 30.0)]

    async def main():
        async with Store(tmp_path / "bot.db") as store:
            return await store.write(write)

    assert asyncio.run(main()) == [None, {100, 101}, {100, 101, 102}]


def test_who_ran_which_spaces_of_the_guild(tmp_path):
    """Who opened it, took it over or was co-host in it; not who was there."""

    def write(db):
        made = [
            spaces.create(
                db,
                spaces.NewSpace(
                    guild_id=guild_id,
                    channel_id=5,
                    host_id=host_id,
                    kind="stage",
                    topic="Bees",
                    opened_at=10.0,
                ),
            )
            for guild_id, host_id in ((1, 7), (1, 9), (1, 9), (2, 7))
        ]
        body = json.dumps({"by": 9, "user_id": 7})
        journal.append(db, made[1], 11.0, "CohostAdded", body)
        journal.append(db, made[2], 11.0, "MemberJoined", body)
        return made, spaces.run_by(db, 1, 7), spaces.run_by(db, 1, 8)

    async def main():
        async with Store(tmp_path / "bot.db") as store:
            return await store.write(write)

    made, theirs, nobodys = asyncio.run(main())

    assert theirs == {made[0], made[1]}
    assert nobodys == set()
