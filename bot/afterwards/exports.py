"""What a Space leaves behind: the files that a host downloads when it is over.

    transcript.vtt, transcript.json    who said what, with times
    talktime.rttm, talktime.json       who talked when, and how much
    journal.jsonl                      everything that happened, a line each
    mix.ogg                            all tracks as one file

Everything is made anew from the record, so it can be made again. A file appears when
it is whole; until then it has another name beside it.
"""

import asyncio
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from bot.afterwards.sound import MIX, note, note_tracks
from bot.settings import RecordingSettings
from bot.talk.recall import counted
from media import render, rttm, transcript, webvtt
from media.transcript import Line
from moderation.store import guilds, journal, spaces, spurts, tracks, transcripts
from moderation.store.database import Store
from moderation.store.journal import JournalRow
from moderation.store.spaces import SpaceRow
from moderation.store.tracks import TrackRow
from moderation.store.transcripts import UtteranceRow
from moderation.talktime.figures import TalkFigures
from moderation.talktime.table import detailed

LAST = "journal.jsonl"
"""Written after all other texts of a Space's folder."""

TEXTS = (
    "transcript.vtt",
    "transcript.json",
    "talktime.rttm",
    "talktime.json",
    LAST,
)
"""Files that are made of the record, in the order in which they are written."""

_WRITING = threading.Lock()
"""Two that write one Space's texts would take each other's half-written files."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the record has of one Space."""

    space: SpaceRow
    names: dict[int, str]
    lines: list[UtteranceRow]
    talk: TalkFigures
    journal: list[JournalRow]
    tracks: list[TrackRow]

    @property
    def seconds(self) -> float:
        """Return how long the Space lasted."""
        return (self.space.ended_at or self.space.opened_at) - self.space.opened_at

    def name(self, user_id: int) -> str:
        """Return what a member was called; their number where nobody saw a name."""
        return self.names.get(user_id, str(user_id))


def read(db: Database, space_id: int) -> Kept:
    """Read everything about a Space; run it in ``Store.read``.

    Raises LookupError where there is no such Space.
    """
    space = spaces.get(db, space_id)
    if space is None:
        raise LookupError(f"there is no Space {space_id}")
    said = transcripts.read(db, space_id)
    talked = spurts.read(db, space_id)
    files = [one for one in tracks.read(db, space_id) if one.kind == "track"]
    happened = journal.read(db, space_id)
    talk = counted(space, happened, talked)
    people = {row.user_id for row in said} | {row.user_id for row in talked}
    people |= {one.user_id for one in files if one.user_id is not None}
    people |= talk.listening.keys()
    known = guilds.members(db, space.guild_id, people)
    return Kept(
        space=space,
        names={user: row.name for user, row in known.items()},
        lines=said,
        talk=talk,
        journal=happened,
        tracks=files,
    )


async def export(
    store: Store, space_id: int, folder: Path, settings: RecordingSettings
) -> dict[str, Path]:
    """Write the files of an ended Space into ``folder``; return them by name.

    Raises LookupError where there is no such Space, RenderError where the mix fails,
    OSError where the disk refuses.
    """
    recorded = await note_tracks(store, space_id, folder, settings)
    _, written = await rewrite(store, space_id, folder)
    if settings.mix and recorded:
        await _mix(store, space_id, recorded, folder / MIX, settings)
        written[MIX] = folder / MIX
    return written


async def mix_again(
    store: Store, space_id: int, folder: Path, settings: RecordingSettings
) -> bool:
    """Make the mix of an ended Space where there is none; say whether it was made.

    Raises RenderError and OSError.
    """
    recorded = await note_tracks(store, space_id, folder, settings)
    target = folder / MIX
    if not settings.mix or not recorded or await asyncio.to_thread(target.exists):
        return False
    await _mix(store, space_id, recorded, target, settings)
    return True


async def _mix(
    store: Store,
    space_id: int,
    recorded: Sequence[Path],
    target: Path,
    settings: RecordingSettings,
) -> None:
    await render.mix(recorded, target)
    await store.write(lambda db: note(db, space_id, [target], settings.keep_days))


def has_texts(folder: Path) -> bool:
    """Say whether there is any text file, be it half-written. Blocks."""
    return any(path.exists() for path in _texts(folder))


def remove_texts(folder: Path) -> None:
    """Delete the text files, half-written ones too; they can be made anew. Blocks."""
    for path in _texts(folder):
        with _WRITING:
            path.unlink(missing_ok=True)


def _texts(folder: Path) -> Iterator[Path]:
    for name in TEXTS:
        yield from (folder / name, folder / f".{name}.partial")


async def rewrite(
    store: Store, space_id: int, folder: Path
) -> tuple[Kept, dict[str, Path]]:
    """Write the text files anew from the record; return it and the files by name.

    Where lines change meanwhile they are written again: no older wording is left.
    Raises LookupError where there is no such Space, OSError where the disk refuses.
    """
    while True:
        kept = await store.read(lambda db: read(db, space_id))
        written = await asyncio.to_thread(_write_all, folder, kept)
        if await store.read(partial(_is_as_read, kept)):
            return kept, written


def _is_as_read(kept: Kept, db: Database) -> bool:
    space_id = kept.space.id
    return (
        transcripts.read(db, space_id) == kept.lines
        and journal.read(db, space_id) == kept.journal
    )


def texts(kept: Kept, space_id: int) -> dict[str, str]:
    """Return the text files by name."""
    return {
        "transcript.vtt": webvtt.write(lines(kept)),
        "transcript.json": transcript.to_json(lines(kept), title=kept.space.topic),
        "talktime.rttm": rttm.write(
            {kept.name(one.user_id): one.talk for one in kept.talk.speakers},
            f"space-{space_id}",
        ),
        "talktime.json": json.dumps(talktime(kept), ensure_ascii=False, indent=1)
        + "\n",
        LAST: journal_lines(kept),
    }


def lines(kept: Kept) -> list[Line]:
    """Return the transcript as lines under names."""
    return [
        Line(
            speaker=kept.name(row.user_id),
            start=row.start,
            end=row.end,
            text=row.text,
            language=row.language or kept.space.language,
            confidence=1.0 if row.confidence is None else row.confidence,
            id=row.uid,
        )
        for row in kept.lines
    ]


def talktime(kept: Kept) -> dict[str, object]:
    """Return who talked how much, as ``talktime.json`` says it."""
    return detailed(kept.talk, kept.names)


def journal_lines(kept: Kept) -> str:
    """Return the journal, one JSON object a line, in order."""
    rows = (asdict(row) | {"body": json.loads(row.body)} for row in kept.journal)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_all(folder: Path, kept: Kept) -> dict[str, Path]:
    """Make and write the texts; of hours of talk, that takes a while by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    written, made = {}, texts(kept, kept.space.id)
    with _WRITING:
        for name, text in made.items():
            target = folder / name
            partial = folder / f".{name}.partial"
            partial.write_text(text, "utf-8")
            partial.replace(target)
            written[name] = target
    return written
