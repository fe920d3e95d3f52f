"""Datagrams in, attributed Opus packets out: the synchronous half of the receiver.

    datagram → rtp.read, transport → stream → whose? ──unknown──→ waits (≤ 2 s)
                                                └→ DAVE ──no key──→ held (≤ 2 s)
                                                    └→ VoicePacket

Rules:

1. No socket, no thread, no clock: one thread calls, times come with the datagrams.
2. Every datagram ends as a packet or as a count with a name; none raises.
3. A packet is attributed by Discord's word (op 5, op 12) or by cryptographic proof,
   never by a guess.
4. Without consent a frame is not decrypted: it goes on without its payload.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.voice import dave
from bot.voice.dave import DaveStatus, Failure, Recovery
from bot.voice.inbox import Datagram
from bot.voice.keepalive import Keepalive
from bot.voice.ssrc import SsrcMap, WaitingRoom
from bot.voice.tally import Tally
from bot.voice.transport import Cipher, TransportRefused
from media.heard import SILENCE, VoicePacket
from media.rtp import Ignored, Packet, read

REKEY_S = 2.0
"""Seconds that packets of the former transport key are still opened."""

GROUP_S = 5.0
"""Seconds that a group may take to form; then it is asked for (op 31): what we sent for
it may have been lost with a websocket that broke."""

PROVE_EVERY_S = 0.1
"""Seconds between two attempts to prove whose an SSRC is."""

MOST_SPEAKERS = 1024
"""Members with counters; a channel has 99, a stage's floor 13."""

_new = tuple.__new__  # makes a named tuple at half the cost of calling its class


class Reception:
    """Opens and attributes everything that one voice connection brings."""

    def __init__(self, me: int = 0) -> None:
        self.me = me
        """Our own user id: never a candidate for an unknown stream."""
        self.ssrcs = SsrcMap()
        self.status = DaveStatus()
        self.recovery = Recovery()
        self.keepalive = Keepalive()
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
        self._changed_at = 0.0
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
        open_ = dave.opener(self.status, plain=self._plain)
        for ssrc, stream in self._unseal(datagrams).items():
            user_id = self.ssrcs.user(ssrc)
            if user_id is None:
                for packet in stream:
                    self._waiting.add(packet)
            else:
                self._deliver(user_id, stream, open_, packets)
        return packets

    def _unseal(self, datagrams: Sequence[Datagram]) -> Mapping[int, list[Packet]]:
        """Take transport encryption, padding and extensions off; sort by SSRC."""
        streams: defaultdict[int, list[Packet]] = defaultdict(list)
        decrypt = self._ciphers[0].open
        for datagram, arrived_at in datagrams:
            try:
                packet = read(datagram, arrived_at, decrypt)
            except TransportRefused:
                packet = self._read_former(datagram, arrived_at)
            if isinstance(packet, Packet):
                streams[packet[0]].append(packet)
            else:
                self.ignored[packet.value] += 1
                if packet is Ignored.SHORT or packet is Ignored.VERSION:
                    self.keepalive.answered(datagram)
        return streams

    def settle(self, now: float) -> list[VoicePacket]:
        """Replay what was waiting for an owner or a key; drop what waited too long."""
        packets: list[VoicePacket] = []
        if self._tried != self.status.generation:
            self._changed_at = now
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

    def _read_former(self, datagram: bytes, arrived_at: float) -> Packet | Ignored:
        """Try the key before the present one."""
        if len(self._ciphers) < 2 or arrived_at - self._rekeyed_at > REKEY_S:
            return Ignored.TRANSPORT
        try:
            return read(datagram, arrived_at, self._ciphers[1].open)
        except TransportRefused:
            return Ignored.TRANSPORT

    def _deliver(
        self,
        user_id: int,
        stream: Iterable[Packet],
        open_: dave.Opener,
        packets: list[VoicePacket],
    ) -> None:
        """Open the packets of a member's stream, or keep them for a later key."""
        consents = user_id in self._consenting
        tally = self._tally(user_id)
        opened: list[int] = []  # sequence numbers that are not in the tally yet
        opened_at = 0.0
        for packet in stream:
            ssrc, sequence, timestamp, frame, level, arrived_at = packet
            if frame == SILENCE:
                if ssrc in self._held:
                    # Playout would take what it overtakes for lost, and then for late.
                    self._lose_held(self._held.add(packet))
                    continue
                opus: bytes | Failure = frame
            elif consents:
                opus = open_(user_id, frame)
            else:
                tally.withhold(arrived_at)
                opus = b""
            if not isinstance(opus, bytes):
                self._note(user_id, tally, opened, opened_at)
                self._fail(user_id, tally, packet, opus)
                continue
            if consents or opus:
                opened.append(sequence)
                opened_at = arrived_at
            packets.append(
                _new(
                    VoicePacket,
                    (user_id, ssrc, sequence, timestamp, opus, level, arrived_at),
                )
            )
        self._note(user_id, tally, opened, opened_at)

    def _note(self, user_id: int, tally: Tally, opened: list[int], at: float) -> None:
        """Count frames that opened, the last one at ``at``, and forget the list."""
        if opened:
            tally.open(opened, at)
            self.recovery.opened(user_id, at)
            opened.clear()

    def _tally(self, user_id: int) -> Tally:
        tally = self.tallies.get(user_id)
        if tally is None:
            tally = self.tallies[user_id] = Tally()
        return tally

    def _fail(
        self, user_id: int, tally: Tally, packet: Packet, failure: Failure
    ) -> None:
        """Count a frame that did not open, or hold it where a key may still come."""
        if failure in dave.SPENT and tally.has_opened(packet.sequence):
            self.ignored["duplicate"] += 1
            return
        tally.miss(packet.arrived_at)
        forming = packet.arrived_at - self._changed_at < GROUP_S
        if failure is not Failure.NO_GROUP or not forming:
            self.recovery.failed(user_id)
        if failure in (Failure.UNENCRYPTED, Failure.REFUSED):
            tally.lose(failure)
            return
        self._why[packet.ssrc] = failure
        self._lose_held(self._held.add(packet))

    def _lose_held(self, dropped: Iterable[Packet]) -> None:
        """Count frames whose key never came."""
        for packet in dropped:
            user_id = self.ssrcs.user(packet.ssrc)
            if user_id is None:
                self.ignored["departed"] += 1
            else:
                why = self._why.get(packet.ssrc, Failure.WRONG_KEY)
                self._tally(user_id).lose(why)

    def _let_go(self, dropped: Iterable[Packet], packets: list[VoicePacket]) -> None:
        """Count frames whose key never came; silence among them needs none."""
        for packet in dropped:
            user_id = self.ssrcs.user(packet.ssrc)
            if packet.frame == SILENCE and user_id is not None:
                self._opened(user_id, packet, SILENCE, packets)
            else:
                self._lose_held([packet])

    def _replay_held(self, packets: list[VoicePacket], *, silent: bool = False) -> None:
        """Try held frames again: the group changed.

        ``silent``: where it begins with silence that waits for nothing any more.
        """
        open_ = dave.opener(self.status, plain=self._plain)
        for ssrc in self._held:
            user_id = self.ssrcs.user(ssrc)
            if user_id is None or (silent and self._held.first(ssrc).frame != SILENCE):
                continue
            self._deliver(user_id, self._held.take(ssrc), open_, packets)

    def _replay_waiting(self, packets: list[VoicePacket]) -> None:
        """Let go on what has an owner by now."""
        open_ = dave.opener(self.status, plain=self._plain)
        for ssrc in self._waiting:
            user_id = self.ssrcs.user(ssrc)
            if user_id is not None:
                self._deliver(user_id, self._waiting.take(ssrc), open_, packets)

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
        sample: Packet,
        user_id: int,
        opus: bytes,
        now: float,
        packets: list[VoicePacket],
    ) -> None:
        """Attribute a stream to the member whose key opened ``sample``."""
        self.ssrcs.learn(sample.ssrc, user_id, now)
        open_ = dave.opener(self.status, plain=self._plain)
        for packet in self._waiting.take(sample.ssrc):
            if packet is sample and user_id in self._consenting:
                # Its nonce is spent: davey would refuse it as a replay.
                self._opened(user_id, packet, opus, packets)
            else:
                self._deliver(user_id, [packet], open_, packets)

    def _opened(
        self, user_id: int, packet: Packet, opus: bytes, packets: list[VoicePacket]
    ) -> None:
        """Pass on the frame that proved whose its stream is."""
        self._tally(user_id).open([packet.sequence], packet.arrived_at)
        packets.append(VoicePacket(user_id, *packet[:3], opus, *packet[4:]))
