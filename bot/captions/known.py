"""What the record knows of captions: where lines stand, and what they are to be."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from bot.captions.captions import THREAD
from bot.captions.quoted import Gone
from moderation.store import caption_lines, guilds, posts, spaces, transcripts
from moderation.store.caption_lines import CaptionMessage


@dataclass(frozen=True, slots=True)
class Known:
    """Where lines of a Space stand."""

    thread_id: int | None
    """Where they were written last; None where there are none, or nobody knows."""

    messages: Mapping[int, CaptionMessage]
    """Messages whose lines were noted, by id, also of former threads."""

    def of_thread(self, thread_id: int) -> list[CaptionMessage]:
        """Return the messages of one thread."""
        return [one for one in self.messages.values() if one.thread_id == thread_id]

    def has(self, uid: str) -> bool:
        """Say whether it was noted where lines of an utterance stand."""
        lines = (line for one in self.messages.values() for line in one.lines)
        return any(line.uid == uid for line in lines)

    def threads(self, gone: Gone) -> list[int]:
        """Return the threads in which lines of a member may stand."""
        theirs = {
            one.thread_id
            for one in self.messages.values()
            if any(line.user_id == gone.user_id for line in one.lines)
        }
        newest = () if self.thread_id is None else (self.thread_id,)
        return sorted(theirs.union(newest))


def read(db: Database, space_id: int) -> Known:
    """Return where lines of a Space stand."""
    thread = posts.of_space(db, space_id).get(THREAD)
    messages = caption_lines.of_space(db, space_id)
    return Known(
        None if thread is None else thread.message_id,
        {one.id: one for one in messages},
    )


def stands(db: Database, space_id: int) -> dict[str, tuple[str, str]]:
    """Return names and words of the utterances of stale lines, by uid."""
    space, found = spaces.get(db, space_id), dict[str, tuple[str, str]]()
    uids = {
        line.uid
        for one in caption_lines.of_space(db, space_id)
        for line in one.lines
        if line.is_stale
    }
    for uid in uids:
        row = transcripts.find(db, space_id, uid)
        if row is not None and space is not None:
            who = guilds.members(db, space.guild_id, [row.user_id]).get(row.user_id)
            found[uid] = ("" if who is None else who.name, row.text)
    return found
