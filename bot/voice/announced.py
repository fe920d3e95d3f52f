"""Who is said to speak (op 5), and whether that is heard.

Discord's word is worth less than it seems: a bot gets it once per member, when they
first speak while the bot is there, and never again. So

1. Each voice session has to hear everybody anew. What it says while it opens, of those
   whom a former one heard, is whose their streams are: it may be long ago.
2. Whose word came and whose packets do not is unheard.
3. That no sound comes at all, and not for want of talk, is believed of two people, or
   of one for longer, whose words came when the session was open: whoever announces
   that they speak sends at once. Any sound of anybody since then disproves it. Who was
   muted or suppressed meanwhile proves nothing.

Rule 3 finds a server that sends the sound elsewhere and goes on answering keepalives.
It cannot where everybody has been announced and heard before: there Discord says
nothing any more, and a quiet room looks the same. What ``keepalive`` asks finds it
there, where the reason is that our address has changed.
"""

from collections.abc import Iterable
from math import inf

from bot.voice.ops import MOST_MEMBERS
from bot.voice.reception import MOST_SPEAKERS, Reception
from bot.voice.ssrc import WAIT_S

AWAITED_S = 8.0
"""Seconds without any packet of somebody who is said to speak."""

LONE_S = 20.0
"""Seconds without any sound that one word alone has to stand for."""

OPENING_S = 2.0
"""Seconds after a handshake in which a voice server introduces who spoke before."""


class Announced:
    """Discord's words in one voice session after another."""

    def __init__(self) -> None:
        self._words: dict[int, float] = {}
        self._live: dict[int, int] = {}
        """Whose word came when the session was open, and how many sounds before it."""
        self._left: set[int] = set()
        self._known: set[int] = set()
        """Whom a former session heard."""
        self._renewed_at, self._opened_at = -inf, inf

    def renew(self, heard: Iterable[int], now: float) -> None:
        """Begin anew with another voice session; ``heard``: whom a former one heard.

        Words of the former one say nothing about this one, nor do its packets.
        """
        self._words.clear()
        self._live.clear()
        self._known = set(heard)
        self._renewed_at, self._opened_at = now, inf

    def open(self, now: float) -> None:
        """Note that the session's handshake is done."""
        self._opened_at = min(self._opened_at, now)

    def speaking(self, user_id: int, now: float, sounds: int) -> None:
        """Note Discord's word that a member speaks; ``sounds``: as received by then."""
        live = now - self._opened_at >= OPENING_S
        if user_id in self._known and not live:
            return
        if len(self._words) < MOST_SPEAKERS and user_id not in self._words:
            self._words[user_id] = now
            if live:
                self._live[user_id] = sounds

    def forget(self) -> None:
        """Expect nobody: nothing is sent to us at present, whoever speaks."""
        self._words.clear()
        self._live.clear()

    def hushed(self, user_id: int) -> None:
        """Note that a member was muted or suppressed."""
        self._live.pop(user_id, None)

    def departed(self, user_id: int) -> None:
        """Note that a member left."""
        self._forget(user_id)
        self._known.discard(user_id)
        if len(self._left) < MOST_MEMBERS:
            self._left.add(user_id)

    def unheard(self, now: float, reception: Reception) -> dict[int, float]:
        """Return of whom nothing came for too long, and since when."""
        unheard: dict[int, float] = {}
        for user_id, since in list(self._words.items()):
            tally = reception.tallies.get(user_id)
            last_at = None if tally is None else tally.last_at
            heard_from = self._renewed_at
            if user_id in self._left:  # heard since; packets may precede the word
                heard_from = max(heard_from, since - WAIT_S)
            if last_at is not None and last_at > heard_from:
                self._forget(user_id)
                self._left.discard(user_id)
            elif now - since >= AWAITED_S:
                unheard[user_id] = since
        return unheard

    def soundless(self, now: float, sounds: int) -> float | None:
        """Return since when no sound comes at all, once it is sure that it should.

        ``sounds``: as received until now.
        """
        silent = [user_id for user_id, before in self._live.items() if before == sounds]
        since = sorted(self._words[user_id] for user_id in silent)
        lone = len(since) > 0 and now - since[0] >= LONE_S
        both = len(since) > 1 and now - since[1] >= AWAITED_S
        return since[0] if lone or both else None

    def _forget(self, user_id: int) -> None:
        self._words.pop(user_id, None)
        self._live.pop(user_id, None)
