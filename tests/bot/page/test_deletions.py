"""What the page says of sound that is gone."""

import asyncio
import dataclasses
import hashlib

import pytest
from aiohttp import test_utils

from bot.afterwards.deletion import Deletions
from bot.page.deletions import deletions
from moderation.store import spaces, tracks
from moderation.store.tracks import ERASED, RETENTION
from scheduler.retention import DAY_S
from tests.bot.page.sample import ANA, BEN, VIEWER, served

ENDED = 1060.0
GONE = ENDED + 30 * DAY_S + 60


def read(track, tmp_path, change, *, language="en"):
    """Return the page of the sample Space after ``change(store, deletions)``.

    Ana and Ben have a file each, of the same sound.
    """

    async def main():
        async with served(track) as (page, tickets, space_id):
            store = page._store
            for user in (ANA, BEN):
                path = tmp_path / f"{user}.opus"
                path.write_bytes(track.read_bytes())
                values = [str(path), ENDED + 30 * DAY_S, user]
                await store.write(
                    lambda db, values=values: db.execute(
                        "UPDATE tracks SET path = ?, expires_at = ? WHERE user_id = ?",
                        values,
                    )
                )
            await change(store, Deletions(store, lambda: GONE))
            server = test_utils.TestServer(page.application())
            async with test_utils.TestClient(server) as client:
                viewer = dataclasses.replace(VIEWER, language=language)
                ticket = tickets.issue(viewer, 2000.0)
                await client.post("/open", data={"ticket": ticket})
                response = await client.get(f"/spaces/{space_id}")
                heard = await client.get(f"/spaces/{space_id}/audio/1")
                return " ".join((await response.text()).split()), heard.status

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("language", "says", "footer"),
    [
        ("en", "after 30 days.", "The sound of this Space was deleted on"),
        ("es", "a los 30 días.", "El sonido de este Espacio se borró el"),
    ],
)
def test_proof_stands_where_the_player_was(track, tmp_path, language, says, footer):
    """Name, day, number of days and hash of each; the words stay."""

    async def change(store, deletions):
        for track_id in (1, 2):
            await deletions.delete(track_id, RETENTION)

    html, heard = read(track, tmp_path, change, language=language)

    assert '<audio id="player"' not in html
    assert footer in html
    assert html.count(hashlib.sha256(track.read_bytes()).hexdigest()) == 2
    assert html.count(says) == 2
    assert '<time datetime="1970-01-31T00:18Z">' in html
    assert "Ben &lt;i&gt;</strong>:" in html
    assert "Welcome everyone to the space." in html
    assert heard == 404


def test_others_can_be_heard_where_one_is_gone(track, tmp_path):
    """And nobody says that this one did not agree."""

    async def change(store, deletions):
        await deletions.delete(1, ERASED)

    html, heard = read(track, tmp_path, change)

    assert '<audio id="player"' in html
    assert "as asked by somebody whose voice was in it." in html
    assert "The sound is kept until <time" in html
    assert "No sound of Ana" not in html
    assert heard == 404


def test_what_is_kept_says_until_when(track, tmp_path):
    """Before anything is deleted there is nothing but that."""

    async def change(store, deletions):
        pass

    html, heard = read(track, tmp_path, change)

    assert 'The sound is kept until <time datetime="1970-01-31T00:17Z">' in html
    assert 'id="sound"' not in html
    assert heard == 200


@pytest.mark.parametrize("left", [1, 2])
def test_sound_of_which_some_is_still_there_is_not_called_deleted(
    track, tmp_path, left
):
    """Whichever file the system does not let go of."""

    async def change(store, deletions):
        def refuse(db):
            tracks.intend(db, left, GONE, RETENTION, sha256="ab", size_bytes=1)
            tracks.refused(db, left, "Permission denied")

        await deletions.delete(3 - left, RETENTION)
        await store.write(refuse)

    html, _ = read(track, tmp_path, change)

    assert "The sound of this Space was deleted" not in html
    assert "is to be deleted and is not played any more." in html


def test_what_cannot_be_deleted_is_said_and_not_played(track, tmp_path):
    """It is not called deleted; what the system says is text, never markup."""

    async def change(store, deletions):
        def write(db):
            tracks.intend(db, 1, GONE, RETENTION, sha256="ab", size_bytes=1)
            tracks.refused(db, 1, "<b>Permission denied</b>")

        await store.write(write)

    html, heard = read(track, tmp_path, change)

    assert "could not be: &lt;b&gt;Permission denied&lt;/b&gt;. It is tried" in html
    assert "after 30 days" not in html
    assert heard == 404


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ("", "The file was no longer there."),
        ("Input/output error", "could not be read (Input/output error)."),
    ],
)
def test_without_a_hash_the_page_says_why(track, tmp_path, trouble, says):
    """A proof that nobody has is not made up."""

    async def change(store, deletions):
        def write(db):
            tracks.intend(
                db, 1, GONE, RETENTION, sha256=None, size_bytes=None, trouble=trouble
            )
            tracks.deleted(db, 1, GONE)

        await store.write(write)

    html, _ = read(track, tmp_path, change)

    assert says in html
    assert "SHA-256 <code>" not in html


def test_days_are_counted_from_the_end(db):
    """Whole ones; a clock that was set back makes none of them negative."""
    space_id = spaces.create(
        db,
        spaces.NewSpace(
            guild_id=1, channel_id=2, host_id=3, kind="stage", topic="T", opened_at=0.0
        ),
    )
    spaces.end(db, space_id, ENDED)
    for at in (ENDED + DAY_S, ENDED - DAY_S, None):
        track_id = tracks.begin(
            db, tracks.NewTrack(space_id=space_id, path=f"{at}", start=0.0)
        )
        if at is not None:
            tracks.intend(db, track_id, at, RETENTION, sha256="ab", size_bytes=1)
    space = spaces.get(db, space_id)

    found = deletions(space, tracks.read(db, space_id), {})

    assert [(one.days, one.is_gone, one.name) for one in found] == [
        (1, False, ""),
        (0, False, ""),
    ]
