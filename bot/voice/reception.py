"""Datagrams in, attributed Opus packets out: the synchronous half of the receiver.

    datagram → rtp.parse → transport → rtp.unwrap → whose? ──unknown──→ waits (≤ 2 s)
                                                      └→ DAVE ──no key──→ held (≤ 2 s)
                                                          └→ VoicePacket

Rules:

1. No socket, no thread, no clock: one thread calls, times come with the datagrams.
2. Every datagram ends as a packet or as a count with a name; none raises.
3. A packet is attributed by Discord's word (op 5, op 12) or by cryptographic proof,
   never by a guess.
4. Without consent a frame is not decrypted: it goes on without its payload.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.voice import dave
from bot.voice.dave import DaveStatus, Failure, Recovery
from bot.voice.inbox import Datagram
from bot.voice.ssrc import Sealed, SsrcMap, WaitingRoom
from bot.voice.tally import Tally
from bot.voice.transport import Cipher, TransportRefused
from media.heard import SILENCE, VoicePacket
from media.rtp import Ignored, parse, unwrap

REKEY_S = 2.0
"""Seconds that packets of the former transport key are still opened."""

PROVE_EVERY_S = 0.1
"""Seconds between two attempts to prove whose an SSRC is."""

MOST_SPEAKERS = 1024
"""Members with counters; a channel has 99, a stage's floor 13."""


class Reception:
    """Opens and attributes everything that one voice connection brings."""

    def __init__(self, me: int = 0) -> None:
        self.me = me
        """Our own user id: never a candidate for an unknown stream."""
        self.ssrcs = SsrcMap()
        self.status = DaveStatus()
        self.recovery = Recovery()
        self.datagrams = 0
        self.ignored: Counter[str] = Counter()
        self.tallies: dict[int, Tally] = {}
        self._waiting = WaitingRoom()
        self._held = WaitingRoom()
        self._why: dict[int, Failure] = {}
        self._ciphers: list[Cipher] = []
        self._rekeyed_at = 0.0
        self._consenting: set[int] = set()
        self._tried = 0
        self._upgrades = 0
        self._plain_until = 0.0
        self._plain = False
        self._proved_at = 0.0

    @property
    def anonymous(self) -> int:
        """Return how many packets were dropped because nobody said whose they are."""
        return self._waiting.given_up

    def key(self, cipher: Cipher, now: float) -> None:
        """Open packets with this from now on, those in flight with the former one."""
        self._ciphers = [cipher, *self._ciphers[:1]]
        self._rekeyed_at = now

    def renew(self) -> None:
        """Start with another voice session: SSRCs and keys of the former are void."""
        self._lose_held(self._held.clear())
        self._waiting.clear()
        self.ssrcs.clear()
        self._ciphers.clear()

    def consent(self, user_id: int, allowed: bool) -> None:
        """Decrypt this member's frames from now on, or no longer."""
        if allowed:
            self._consenting.add(user_id)
        else:
            self._consenting.discard(user_id)

    def learn(self, user_id: int, ssrc: int, now: float) -> None:
        """Note Discord's word on whose an SSRC is; ``settle`` replays what waited."""
        if len(self.tallies) < MOST_SPEAKERS or user_id in self.tallies:
            self.ssrcs.learn(ssrc, user_id, now)

    def leave(self, user_id: int, now: float) -> None:
        """Note that a member left; what is in flight is still heard."""
        self.ssrcs.leave(user_id, now)
        self.recovery.forget(user_id)

    def receive(self, datagrams: Sequence[Datagram]) -> list[VoicePacket]:
        """Open a batch, in order of arrival."""
        self.datagrams += len(datagrams)
        if not self._ciphers:
            self.ignored["no_key"] += len(datagrams)
            return []
        packets: list[VoicePacket] = []
        user_of = self.ssrcs.user
        attributed: list[tuple[int, Sealed]] = []
        for sealed in self._unseal(datagrams):
            user_id = user_of(sealed[0])
            if user_id is None:
                self._waiting.add(sealed)
            else:
                attributed.append((user_id, sealed))
        self._deliver(attributed, packets)
        return packets

    def _unseal(self, datagrams: Sequence[Datagram]) -> list[Sealed]:
        """Take transport encryption, padding and extensions off."""
        unsealed: list[Sealed] = []
        ignored, open_ = self.ignored, self._ciphers[0].open
        for datagram, arrived_at in datagrams:
            header = parse(datagram)
            if isinstance(header, Ignored):
                ignored[header.value] += 1
                continue
            try:
                plain = open_(datagram, header.clear_bytes)
            except TransportRefused:
                former = self._open_former(datagram, header.clear_bytes, arrived_at)
                if former is None:
                    ignored["transport"] += 1
                    continue
                plain = former
            content = unwrap(header, plain)
            if isinstance(content, Ignored):
                ignored[content.value] += 1
                continue
            sequence, timestamp, ssrc = header[:3]
            frame, level = content
            unsealed.append(Sealed(ssrc, sequence, timestamp, frame, level, arrived_at))
        return unsealed

    def settle(self, now: float) -> list[VoicePacket]:
        """Replay what was waiting for an owner or a key; drop what waited too long."""
        packets: list[VoicePacket] = []
        if self._upgrades != self.status.upgrades:
            self._upgrades = self.status.upgrades
            self._plain_until = now + dave.UPGRADE_S
        self._plain = now < self._plain_until
        if len(self._waiting):
            self._replay_waiting(packets)
            if now - self._proved_at >= PROVE_EVERY_S:
                self._proved_at = now
                self._prove(now, packets)
            self._waiting.expire(now)
        if len(self._held):
            if self._tried != self.status.generation:
                self._replay_held(packets)
            self._let_go(self._held.expire(now), packets)
            self._replay_held(packets, silent=True)
        elif self._why:
            self._why.clear()
        self._tried = self.status.generation
        self.ssrcs.expire(now)
        if len(self._ciphers) > 1 and now - self._rekeyed_at > REKEY_S:
            del self._ciphers[1:]
        return packets

    def _open_former(self, datagram: bytes, header: int, now: float) -> bytes | None:
        """Try the key before the present one, None where it does not fit either."""
        if len(self._ciphers) < 2 or now - self._rekeyed_at > REKEY_S:
            return None
        try:
            return self._ciphers[1].open(datagram, header)
        except TransportRefused:
            return None

    def _deliver(
        self, attributed: Iterable[tuple[int, Sealed]], packets: list[VoicePacket]
    ) -> None:
        """Open attributed packets, or keep them for a later key."""
        open_ = dave.opener(self.status, plain=self._plain)
        consenting, held, heard = self._consenting, self._held, {}
        for user_id, sealed in attributed:
            tally = self.tallies.get(user_id) or self._tally(user_id)
            ssrc, sequence, timestamp, frame, level, arrived_at = sealed
            if user_id not in consenting and frame != SILENCE:
                tally.withhold(arrived_at)
                opus = b""
            elif frame == SILENCE and ssrc in held:
                # Playout would take what it overtakes for lost, and then for late.
                self._lose_held(held.add(sealed))
                continue
            else:
                opened = open_(user_id, frame)
                if isinstance(opened, Failure):
                    self._fail(user_id, tally, sealed, opened)
                    continue
                opus = opened
                tally.open(sequence, arrived_at)
                heard[user_id] = arrived_at
            packets.append(
                VoicePacket(user_id, ssrc, sequence, timestamp, opus, level, arrived_at)
            )
        for user_id, at in heard.items():
            self.recovery.opened(user_id, at)

    def _tally(self, user_id: int) -> Tally:
        return self.tallies.setdefault(user_id, Tally())

    def _fail(
        self, user_id: int, tally: Tally, sealed: Sealed, failure: Failure
    ) -> None:
        """Count a frame that did not open, or hold it where a key may still come."""
        if failure in dave.SPENT and tally.has_opened(sealed.sequence):
            self.ignored["duplicate"] += 1
            return
        tally.miss(sealed.arrived_at)
        if failure is not Failure.NO_GROUP:
            self.recovery.failed(user_id)
        if failure in (Failure.UNENCRYPTED, Failure.REFUSED):
            tally.lose(failure)
            return
        self._why[sealed.ssrc] = failure
        self._lose_held(self._held.add(sealed))

    def _lose_held(self, dropped: Iterable[Sealed]) -> None:
        """Count frames whose key never came."""
        for sealed in dropped:
            user_id = self.ssrcs.user(sealed.ssrc)
            if user_id is None:
                self.ignored["departed"] += 1
            else:
                why = self._why.get(sealed.ssrc, Failure.WRONG_KEY)
                self._tally(user_id).lose(why)

    def _let_go(self, dropped: Iterable[Sealed], packets: list[VoicePacket]) -> None:
        """Count frames whose key never came; silence among them needs none."""
        for sealed in dropped:
            user_id = self.ssrcs.user(sealed.ssrc)
            if sealed.frame == SILENCE and user_id is not None:
                self._opened(user_id, sealed, SILENCE, packets)
            else:
                self._lose_held([sealed])

    def _replay_held(self, packets: list[VoicePacket], *, silent: bool = False) -> None:
        """Try held frames again: the group changed.

        ``silent``: where it begins with silence that waits for nothing any more.
        """
        for ssrc in self._held:
            user_id = self.ssrcs.user(ssrc)
            if user_id is None or (silent and self._held.first(ssrc).frame != SILENCE):
                continue
            self._deliver([(user_id, s) for s in self._held.take(ssrc)], packets)

    def _replay_waiting(self, packets: list[VoicePacket]) -> None:
        """Let go on what has an owner by now."""
        for ssrc in self._waiting:
            user_id = self.ssrcs.user(ssrc)
            if user_id is not None:
                waited = self._waiting.take(ssrc)
                self._deliver([(user_id, sealed) for sealed in waited], packets)

    def _prove(self, now: float, packets: list[VoicePacket]) -> None:
        """Find the owners of unknown SSRCs by whose key opens their frames."""
        members = [u for u in dave.members(self.status) if u != self.me]
        # Whoever has no stream yet is the likeliest owner of a new one.
        members.sort(key=self.ssrcs.present)
        for ssrc in self._waiting:
            for sample in self._waiting.samples(ssrc):
                found = dave.whose(self.status, sample.frame, members)
                if found is not None:
                    self._proven(sample, *found, now, packets)
                    break

    def _proven(
        self,
        sample: Sealed,
        user_id: int,
        opus: bytes,
        now: float,
        packets: list[VoicePacket],
    ) -> None:
        """Attribute a stream to the member whose key opened ``sample``."""
        self.ssrcs.learn(sample.ssrc, user_id, now)
        for sealed in self._waiting.take(sample.ssrc):
            if sealed is sample and user_id in self._consenting:
                # Its nonce is spent: davey would refuse it as a replay.
                self._opened(user_id, sealed, opus, packets)
            else:
                self._deliver([(user_id, sealed)], packets)

    def _opened(
        self, user_id: int, sealed: Sealed, opus: bytes, packets: list[VoicePacket]
    ) -> None:
        """Pass on the frame that proved whose its stream is."""
        self._tally(user_id).open(sealed.sequence, sealed.arrived_at)
        packets.append(VoicePacket(user_id, *sealed[:3], opus, *sealed[4:]))
