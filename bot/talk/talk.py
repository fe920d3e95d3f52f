"""What is said in one Space: totals, the newest lines, and the nudges that follow.

Rules: intervals and final lines are written to the record as they come (``keeping``);
partial lines are shown and never kept. The nudges are decided by
``moderation.conversation``; this module only wakes it at its deadline and hands on what
it says.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from sqlite_utils import Database

from bot.house import House
from bot.rooms.observation import SaidLine, TalkShare
from bot.talk.keeping import Keeper
from bot.talk.recall import mend, recall
from media.heard import TalkSpurt
from media.intervals import seconds
from media.utterance import Grade, Utterance
from media.whisper.jobs import Missed
from moderation.conversation import Conversation
from moderation.drift.monitor import DriftReading
from moderation.effects import Nudge
from moderation.events import VoiceStateSeen
from moderation.store import drift_scores, spurts, transcripts
from moderation.store import missed as missed_talk
from moderation.store.erasure import rows as erasures
from moderation.store.spaces import SpaceRow
from moderation.talktime.figures import TalkFigures, figures
from moderation.talktime.following import Following
from moderation.talktime.ledger import TalkLedger
from moderation.view import SpaceView

LAST_LINES = 50
"""Utterances kept for the panel and the terminal; the record has them all."""

Perform = Callable[[Sequence[Nudge]], None]
Look = Callable[[], SpaceView | None]


class Talk:
    """Follows one Space's conversation."""

    def __init__(
        self,
        house: House,
        row: SpaceRow,
        conversation: Conversation,
        *,
        look: Look,
        nudge: Perform,
        tell: Callable[[str], None],
    ) -> None:
        """``tell`` brings a text to the hosts."""
        self.conversation = conversation
        self._house = house
        self._row = row
        self._space_id = row.id
        self._opened_at = row.opened_at
        self._look = look
        self._nudge = nudge
        self.ledger = TalkLedger()
        self._following = Following(self.ledger)
        self._lines: deque[Utterance] = deque(maxlen=LAST_LINES)
        self._forgotten: dict[int, float] = {}
        """Until when nothing of a member is shown, seconds of the Space."""
        self._timer: asyncio.TimerHandle | None = None
        self._keeper = Keeper(house.store, row.id, tell)
        self.write = self._keeper.write
        self.missed_s = 0.0
        """Seconds of talk that could not be recognised."""

    async def recall(self, room: SpaceView) -> None:
        """Take up what an earlier process wrote down; call it before ``changed``."""
        found = await self._house.store.read(lambda db: recall(db, self._row))
        self.ledger, self.missed_s = found.ledger, found.missed_s
        self._following = found.following
        self.write(lambda db: mend(db, self._space_id, found))
        self._lines = deque(found.past.lines, maxlen=LAST_LINES)
        self.conversation.recall(found.past, room, self._house.clock.now())

    def changed(self) -> None:
        """Show the conversation the room as it is now, and set its timer."""
        room = self._look()
        now = self._house.clock.now()
        if room is not None:
            self.conversation.see(room, now)
            seats = {seat.user_id: seat.role for seat in room.stage}
            self._following.seated(seats, now - self._opened_at)
        if self._timer is None:
            self._arm(now)

    async def stop(self) -> None:
        """Look no more; wait for what is being written."""
        if self._timer is not None:
            self._timer.cancel()
        await self._keeper.stop()

    def seen(self, state: VoiceStateSeen) -> None:
        """Take how a member's microphone and ears stand now."""
        self._following.seen(state, self.space_time())

    def left(self, user_id: int) -> None:
        """Take that a member has gone."""
        self._following.left(user_id, self.space_time())

    def heard(self, spurt: TalkSpurt) -> float:
        """Take a finished talk spurt; return how many seconds of it count."""
        rows = [spurts.SpurtRow(spurt.user_id, a, b) for a, b in spurt.talk]
        counted = self.ledger.heard(spurt.user_id, spurt.talk)
        self.conversation.heard_talk(spurt.user_id, counted)
        self.write(lambda db: spurts.record(db, self._space_id, rows))
        return seconds(counted)

    def uttered(self, said: Utterance) -> None:
        """Take what was recognised; a better pass replaces the line before it."""
        if said.start < self._forgotten.get(said.user_id, 0.0):
            return
        kept = [line for line in self._lines if not _replaces(said, line)]
        self._lines = deque([*kept, said], maxlen=LAST_LINES)
        if said.grade is Grade.PARTIAL:
            return
        readings = self.conversation.heard_utterance(said)
        new, now = as_kept(said), self._house.clock.now()
        self.write(lambda db: keep_line(db, self._space_id, new, now, readings))

    def forget(self, user_id: int) -> None:
        """Show and quote nothing more that a member has said until now."""
        self._forgotten[user_id] = self.space_time()
        kept = [line for line in self._lines if line.user_id != user_id]
        self._lines = deque(kept, maxlen=LAST_LINES)
        self.conversation.drift.forget(user_id)

    def missed(self, missed: Missed) -> None:
        """Take that talk could not be recognised: the record says so, with why."""
        row = missed_talk.MissedRow(
            missed.user_id, missed.start, missed.end, missed.reason.value
        )
        self.missed_s += missed.end - missed.start
        self.write(lambda db: missed_talk.record(db, self._space_id, row))

    def shares(self) -> tuple[TalkShare, ...]:
        """Return everybody's talk since the Space opened, most first."""
        now = self.space_time()
        share = self.ledger.shares(now)
        talked = sorted(self.ledger.seconds(now).items(), key=lambda one: -one[1])
        return tuple(TalkShare(user, s, share.get(user, 0.0)) for user, s in talked)

    async def figures(self) -> TalkFigures:
        """Return everything that is counted of the talk so far; not for every look.

        After hours it takes a tenth of a second, so it is counted beside the loop.
        """
        ledger, until = self.ledger.copy(), self.space_time()
        return await asyncio.to_thread(figures, ledger, until)

    def recent(self) -> list[Utterance]:
        """Return the newest utterances, certain or not."""
        return list(self._lines)

    def lines(self) -> tuple[SaidLine, ...]:
        """Return the newest utterances in the order they were said."""
        ordered = sorted(self._lines, key=lambda line: line.start)
        return tuple(
            SaidLine(one.user_id, one.start, one.text, one.grade is not Grade.PARTIAL)
            for one in ordered
        )

    def space_time(self) -> float:
        """Return the seconds of the Space now."""
        return self._house.clock.now() - self._opened_at

    def _arm(self, now: float) -> None:
        due = self.conversation.deadline()
        if due is None:
            self._timer = None
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(0.1, due - now), self._due)

    def _due(self) -> None:
        now = self._house.clock.now()
        room = self._look()
        if room is not None:
            self.conversation.see(room, now)
        nudges = self.conversation.on_deadline(now)
        if nudges:
            self._nudge(nudges)
        self._arm(now)


def _replaces(said: Utterance, line: Utterance) -> bool:
    """Say whether ``line`` is the same utterance, or uncertain and made good now."""
    unsure = line.grade is Grade.PARTIAL and line.user_id == said.user_id
    return line.id == said.id or unsure


def keep_line(
    db: Database,
    space_id: int,
    line: transcripts.NewUtterance,
    at: float,
    readings: Sequence[DriftReading] = (),
) -> None:
    """Write a line down, unless whose it is had what they said erased meanwhile.

    What drift found after its passages is written with it.
    """
    if not erasures.covers(db, space_id, line.user_id, line.start):
        row = transcripts.record(db, space_id, line, at)
        drift_scores.record(db, row.id, readings)


def as_kept(said: Utterance) -> transcripts.NewUtterance:
    """Return an utterance as the record takes it."""
    return transcripts.NewUtterance(
        uid=said.id,
        user_id=said.user_id,
        start=said.start,
        end=said.end,
        text=said.text,
        language=said.language,
        words=[(w.text, w.start, w.end, w.probability) for w in said.words],
        confidence=said.confidence,
    )
