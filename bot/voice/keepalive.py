"""Keepalives, and by their answers whether the way by UDP still leads to us.

A mapping that a router lost, a firewall, a voice server whose media side is gone: the
websocket lives on, nobody who has talked before is announced again, and the room would
go on unheard without a word. Silence alone tells nothing, because nothing is sent for
a quiet room. So the server is asked.

Whether it answers is not certain. Voice servers used to send a keepalive's 8 bytes
back; since 2023 some do not, and a client that counted on it reconnected once a minute
(discordjs/discord.js#9185). IP discovery is documented, but not that it is answered
once the session is under way. Hence

1. Any datagram at all shows that the way is open.
2. That nothing comes is believed only where the server has answered on this very wire,
   a keepalive or a discovery; where it never does, nothing is concluded, ever.
3. Discovery is asked only while nothing comes in and keepalives have brought nothing,
   or nobody was heard for ``WHERE_S``.
4. Where the answer names another address than the one that the server was told in the
   handshake, a router has given us a new one: sound would go to the old one, and
   keepalives be answered all the same. Two such answers in a row are believed, unless
   a sound comes.
5. After one unanswered keepalive the server is asked more often, so that a dead way
   is known within 10 s, and never because of one lost datagram.

No socket and no clock: one thread calls, and says what time it is.
"""

import struct

from bot.voice import discovery

KEEPALIVE_S = 5.0
"""Seconds between keepalives; without them Discord stops forwarding after minutes."""

ASK_S = 0.8
"""Seconds between them while the last one is unanswered."""

UNANSWERED = 4
"""Keepalives in a row without any datagram that make the way a dead one."""

WHERE_S = 30.0
"""Seconds without sound between two questions where the server sees us."""

ELSEWHERE = 2
"""Answers in a row that name another address than the server was told."""

_COUNTER = struct.Struct("<Q")


class Keepalive:
    """What to send on one wire after another, and since when nothing comes in."""

    def __init__(self) -> None:
        self._sent = self._first = 0
        self._ssrc = 0
        self._sent_at = self._heard_at = 0.0
        self._datagrams = 0
        self._echoes = self._asked = False
        self._address: tuple[str, int] | None = None
        self._elsewhere = self._sounds = 0
        self._located_at = self._asked_at = 0.0
        self.answers = False
        """The server has answered on this wire."""
        self.unanswered = 0
        """Keepalives sent since anything came in."""
        self.dead = 0
        """How often the way by UDP was found dead."""

    def begin(
        self, ssrc: int, now: float, address: tuple[str, int] | None = None
    ) -> None:
        """Start with another wire; ``ssrc`` is of what we send on it.

        ``address``: ours, as the server was told it.
        """
        self._ssrc, self._address = ssrc, address
        self._elsewhere = 0
        self._located_at = self._asked_at = now
        self._first = self._sent
        self._sent_at = now - KEEPALIVE_S
        self._heard_at = now
        self._echoes = self._asked = self.answers = False
        self.unanswered = 0

    def due(self, now: float, datagrams: int, sounds: int = 0) -> list[bytes]:
        """Return what is to be sent now.

        ``datagrams``: how many came in, ever; ``sounds``: those that were somebody's.
        """
        if sounds != self._sounds:
            self._sounds, self._elsewhere = sounds, 0
            self._located_at = self._asked_at = now
        if datagrams != self._datagrams:
            self._datagrams, self._heard_at = datagrams, now
            self.unanswered = 0
        asking = self.answers and self.unanswered
        if now - self._sent_at < (ASK_S if asking else KEEPALIVE_S):
            return []
        self._sent_at = now
        self._sent += 1
        questions = [_COUNTER.pack(self._sent)]
        mute = self.unanswered and not self._echoes
        if mute or self._elsewhere or now - self._asked_at >= WHERE_S:
            questions.append(discovery.question(self._ssrc))
            self._asked, self._asked_at = True, now
        self.unanswered += 1
        return questions

    def answered(self, datagram: bytes) -> None:
        """Look at a datagram that is no voice: it may be an answer."""
        if len(datagram) == _COUNTER.size:
            (number,) = _COUNTER.unpack(datagram)
            self._echoes = self._echoes or self._first < number <= self._sent
        # The handshake asks, too: what comes before we did is late, and proves nothing.
        found = discovery.address(datagram) if self._asked else None
        self.answers = self.answers or self._echoes or found is not None
        if found is not None and found != self._address:
            self._elsewhere += 1
        elif found is not None:
            self._elsewhere, self._located_at = 0, self._asked_at

    def moved_since(self) -> float | None:
        """Return since when our address may be another one, once that is sure; or None.

        Whoever is told begins another session.
        """
        if self._address is None or self._elsewhere < ELSEWHERE:
            return None
        return self._located_at

    def dead_since(self) -> float | None:
        """Return since when nothing comes in, once it is sure that it should; or None.

        Whoever is told begins another session; it is told again if that never comes.
        """
        # The newest one had no time yet.
        if not self.answers or self.unanswered <= UNANSWERED:
            return None
        self.unanswered = 0
        self.dead += 1
        return self._heard_at
