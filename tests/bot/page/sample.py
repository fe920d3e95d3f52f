"""One Space on record: two speakers, a transcript with hostile words, two tracks.

The second of two lines is off topic.
"""

import contextlib

from bot.afterwards.amending import Amendments
from bot.clock import ManualClock
from bot.page.app import Page
from bot.page.editing import Editing
from bot.page.elsewhere import Elsewhere
from bot.page.tickets import Tickets, Viewer
from moderation.drift.monitor import DriftReading, DriftState
from moderation.events.rows import to_row
from moderation.store import (
    drift_scores,
    guilds,
    journal,
    nudges,
    spaces,
    spurts,
    tracks,
    transcripts,
)
from moderation.store.database import Store

GUILD, ANA, BEN = 10, 1, 2
HOSTILE = '<script>alert("x")</script> & so on'
VIEWER = Viewer(user_id=ANA, guild_id=GUILD, name="Ana", language="en")


def fill(db, track):
    """Put the Space on record and return its id."""
    space_id = spaces.create(
        db,
        spaces.NewSpace(
            guild_id=GUILD,
            channel_id=5,
            host_id=ANA,
            kind="voice",
            topic="The <b>budget</b>",
            opened_at=1000.0,
        ),
    )
    guilds.saw_member(db, GUILD, ANA, "Ana", 1000.0)
    guilds.saw_member(db, GUILD, BEN, "Ben <i>", 1000.0)
    spurts.record(
        db,
        space_id,
        [spurts.SpurtRow(ANA, 0.0, 3.0), spurts.SpurtRow(BEN, 4.0, 5.0)],
    )
    for uid, user, start, text, state in (
        ("a", ANA, 0.0, "Welcome everyone to the space.", DriftState.ON_TOPIC),
        ("b", BEN, 4.0, HOSTILE, DriftState.DRIFTING),
    ):
        line = transcripts.record(
            db,
            space_id,
            transcripts.NewUtterance(
                uid=uid, user_id=user, start=start, end=start + 1.0, text=text
            ),
            1010.0,
        )
        score = 0.8 if state is DriftState.ON_TOPIC else 0.1
        drift_scores.record(
            db, line.id, [DriftReading(start, start + 1.0, score, state, 0.3)]
        )
    nudges.record(
        db,
        nudges.NewNudge(
            space_id=space_id, rule="drift", step="host", at=1004.0, evidence={}
        ),
    )
    for user in (ANA, BEN):
        file = tracks.begin(
            db,
            tracks.NewTrack(
                space_id=space_id, path=str(track), start=0.0, user_id=user
            ),
        )
        tracks.finish(db, file, 6.0, track.stat().st_size)
    spaces.end(db, space_id, 1060.0)
    return space_id


@contextlib.asynccontextmanager
async def opened(track, *facts, path=":memory:", rights=None, quotes=None, rooms=None):
    """Give the page over a filled store, its tickets, the Space's id and the store.

    ``facts`` happened in the Space: seconds of it, and events. With ``rights`` lines
    may be changed.
    """
    tickets, clock = Tickets(b"secret"), ManualClock(2000.0)
    async with Store(path) as store:
        space_id = await store.write(lambda db: fill(db, track))
        for at, event in facts:
            row = (space_id, 1000.0 + at, *to_row(event))
            await store.write(lambda db, row=row: journal.append(db, *row))
        editing, amendments = None, Amendments(store, clock.now)
        if rights is not None:
            elsewhere = Elsewhere(store, quotes, rooms)
            editing = Editing(store, clock, amendments, rights, elsewhere)
        yield Page(store, tickets, clock, editing=editing), tickets, space_id, store
        await amendments.close()


@contextlib.asynccontextmanager
async def served(track, *facts):
    """Give the page for reading, its tickets and the Space's id."""
    async with opened(track, *facts) as (page, tickets, space_id, _):
        yield page, tickets, space_id
