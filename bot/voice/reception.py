"""Datagrams in, attributed Opus packets out: the synchronous half of the receiver.

    datagrams ─► unsealing ─► whose? ──unknown──► waits (≤ 2 s)
                                └─► DAVE ──no key──► held (≤ 2 s)
                                      └─► Burst

Rules:

1. No socket, no thread, no clock: one thread calls, times come with the datagrams.
2. Every datagram ends as a packet or as a count with a name; none raises.
3. A packet is attributed by Discord's word (op 5, op 12) or by cryptographic proof,
   never by a guess.
4. A frame that came without consent is not decrypted, unless to prove whose it is; it
   goes on without its payload.
5. What is as it usually is goes through a stream at a time, anything else one by one,
   with the same result.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, repeat, starmap
from math import inf

from bot.voice import dave
from bot.voice.dave import DaveStatus, Failure, Recovery
from bot.voice.gathering import Streams
from bot.voice.inbox import Datagram
from bot.voice.keepalive import Keepalive
from bot.voice.ssrc import SsrcMap, WaitingRoom
from bot.voice.strangers import Proof, Strangers
from bot.voice.tally import Tally
from bot.voice.transport import Cipher
from bot.voice.unsealing import Unsealing
from media.burst import Burst
from media.burst import bursts as to_bursts
from media.heard import SILENCE, VoicePacket
from media.rtp import Ignored, Packet

GROUP_S = 5.0
"""Seconds that a group may take to form; then it is asked for (op 31): what we sent for
it may have been lost with a websocket that broke."""

NO_SOUND = ("no_key", *(k.value for k in Ignored if k is not Ignored.TRANSPORT))
"""Kinds of datagrams that are nobody's sound."""

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
        self.keepalive = Keepalive()
        self.datagrams = 0
        self.ignored: Counter[str] = Counter()
        self.tallies: dict[int, Tally] = {}
        self._strangers = Strangers(self.ssrcs)
        self._held = WaitingRoom()
        self._why: dict[int, Failure] = {}
        self._unsealing = Unsealing(self.ignored, self.keepalive)
        self._consenting: dict[int, float] = {}
        """Since when: what came before, and waited, is not for us."""
        self._tried = 0
        self._changed_at = 0.0
        self._upgrades = 0
        self._plain_until = 0.0
        self._plain = False

    @property
    def anonymous(self) -> int:
        """Return how many packets were dropped because nobody said whose they are."""
        return self._strangers.given_up

    @property
    def sounds(self) -> int:
        """Return how many datagrams were somebody's sound, whether it opened or not."""
        return self.datagrams - sum(self.ignored[kind] for kind in NO_SOUND)

    def key(self, cipher: Cipher, now: float) -> None:
        """Open packets with this from now on, those in flight with the former one."""
        self._unsealing.key(cipher, now)

    def renew(self) -> None:
        """Start with another voice session: SSRCs and keys of the former are void."""
        self._lose_held(self._held.clear())
        self._strangers.clear()
        self.ssrcs.clear()
        self._unsealing.clear()

    def consent(self, user_id: int, allowed: bool, *, since: float = 0.0) -> None:
        """Decrypt this member's frames that come from ``since`` on, or no longer."""
        if allowed:
            self._consenting.setdefault(user_id, since)
        else:
            self._consenting.pop(user_id, None)

    def learn(self, user_id: int, ssrc: int, now: float) -> None:
        """Note Discord's word on whose an SSRC is; ``settle`` replays what waited."""
        if len(self.tallies) < MOST_SPEAKERS or user_id in self.tallies:
            self.ssrcs.learn(ssrc, user_id, now)

    def leave(self, user_id: int, now: float) -> None:
        """Note that a member left; what is in flight is still heard."""
        self.ssrcs.leave(user_id, now)
        self.recovery.forget(user_id)

    def receive(self, streams: Streams) -> list[Burst]:
        """Open a batch of datagrams."""
        count = sum(map(len, streams.values()))
        self.datagrams += count
        if not self._unsealing.has_key:
            self.ignored["no_key"] += count
            return []
        bursts: list[Burst] = []
        for claimed, stream in streams.items():
            if not self._receive_usual(int.from_bytes(claimed, "big"), stream, bursts):
                self._receive_any(stream, bursts)
        return bursts

    def _receive_usual(
        self, ssrc: int, stream: Sequence[Datagram], bursts: list[Burst]
    ) -> bool:
        """Open what is as it usually is, many at once; say no to anything else.

        ``ssrc`` is what the datagrams claim until they have been decrypted.
        """
        user_id = self.ssrcs.user(ssrc)
        if user_id not in self._consenting or ssrc in self._held:
            return False
        datagrams, arrivals = zip(*stream, strict=True)
        packets = self._unsealing.usual(datagrams)
        if packets is None:
            return False
        opus = dave.open_usual(self.status, user_id, packets.frames)
        done = len(opus)
        if opus:
            burst = Burst(
                user_id,
                ssrc,
                packets.sequences[:done],
                packets.timestamps[:done],
                opus,
                packets.levels_dbov[:done],
                arrivals[:done],
            )
            bursts.append(burst)
            tally, at = self._tally(user_id), arrivals[done - 1]
            self._note(user_id, tally, burst.sequences, at)
        if done < len(stream):
            rest = zip(repeat(ssrc), *packets, arrivals, strict=False)
            self._deliver(user_id, starmap(Packet, islice(rest, done, None)), bursts)
        return True

    def _receive_any(self, stream: Iterable[Datagram], bursts: list[Burst]) -> None:
        """Open datagrams one by one, and keep those whose owner is not known."""
        for ssrc, packets in self._unsealing.each(stream).items():
            user_id = self.ssrcs.user(ssrc)
            if user_id is None:
                for packet in packets:
                    self._strangers.add(packet)
            else:
                self._deliver(user_id, packets, bursts)

    def settle(self, now: float) -> list[Burst]:
        """Replay what was waiting for an owner or a key; drop what waited too long."""
        bursts: list[Burst] = []
        if self._tried != self.status.generation:
            self._changed_at = now
        if self._upgrades != self.status.upgrades:
            self._upgrades = self.status.upgrades
            self._plain_until = now + dave.UPGRADE_S
        self._plain = now < self._plain_until
        if len(self._strangers):
            for user_id, packets in self._strangers.named():
                self._deliver(user_id, packets, bursts)
            for proof in self._strangers.proved(self.status, self.me, now):
                self._believe(proof, bursts)
            self._strangers.expire(now)
        if len(self._held):
            if self._tried != self.status.generation:
                self._replay_held(bursts)
            self._let_go(self._held.expire(now), bursts)
            self._replay_held(bursts, silent=True)
        elif self._why:
            self._why.clear()
        self._tried = self.status.generation
        self.ssrcs.expire(now)
        self._unsealing.expire(now)
        return bursts

    def _deliver(
        self, user_id: int, stream: Iterable[Packet], bursts: list[Burst]
    ) -> None:
        """Open the packets of a member's stream, or keep them for a later key."""
        since = self._consenting.get(user_id, inf)
        tally = self._tally(user_id)
        packets: list[VoicePacket] = []
        for packet in stream:
            if packet.frame == SILENCE:
                if packet.ssrc in self._held:
                    # Playout would take what it overtakes for lost, and then for late.
                    self._lose_held(self._held.add(packet))
                    continue
                tally.hush(packet.sequence, packet.arrived_at)
                opus = SILENCE
            elif packet.arrived_at >= since:
                opened = dave.open_frame(
                    self.status, user_id, packet.frame, plain=self._plain
                )
                if isinstance(opened, Failure):
                    self._fail(user_id, tally, packet, opened)
                    continue
                opus = opened
                self._note(user_id, tally, [packet.sequence], packet.arrived_at)
            else:
                tally.withhold(packet.arrived_at)
                opus = b""
            packets.append(VoicePacket(user_id, *packet[:3], opus, *packet[4:]))
        bursts += to_bursts(packets)

    def _note(
        self, user_id: int, tally: Tally, sequences: Sequence[int], at: float
    ) -> None:
        """Count frames that opened, the last one at ``at``."""
        tally.open(sequences, at)
        self.recovery.opened(user_id, at)

    def _tally(self, user_id: int) -> Tally:
        if user_id not in self.tallies:
            self.tallies[user_id] = Tally()
        return self.tallies[user_id]

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

    def _let_go(self, dropped: Iterable[Packet], bursts: list[Burst]) -> None:
        """Count frames whose key never came; silence among them needs none."""
        for packet in dropped:
            user_id = self.ssrcs.user(packet.ssrc)
            if packet.frame == SILENCE and user_id is not None:
                self._tally(user_id).hush(packet.sequence, packet.arrived_at)
                self._pass_on(user_id, packet, SILENCE, bursts)
            else:
                self._lose_held([packet])

    def _replay_held(self, bursts: list[Burst], *, silent: bool = False) -> None:
        """Try held frames again: the group changed.

        ``silent``: where it begins with silence that waits for nothing any more.
        """
        for ssrc in self._held:
            user_id = self.ssrcs.user(ssrc)
            if user_id is None or (silent and self._held.first(ssrc).frame != SILENCE):
                continue
            self._deliver(user_id, self._held.take(ssrc), bursts)

    def _believe(self, proof: Proof, bursts: list[Burst]) -> None:
        """Open the packets of a stream whose owner was proved."""
        user_id = proof.user_id
        since = self._consenting.get(user_id, inf)
        for packet in proof.packets:
            if packet is proof.sample and packet.arrived_at >= since:
                # Its nonce is spent: davey would refuse it as a replay.
                tally, at = self._tally(user_id), packet.arrived_at
                self._note(user_id, tally, [packet.sequence], at)
                self._pass_on(user_id, packet, proof.opus, bursts)
            else:
                self._deliver(user_id, [packet], bursts)

    def _pass_on(
        self, user_id: int, packet: Packet, opus: bytes, bursts: list[Burst]
    ) -> None:
        """Hand over a packet whose content is known already."""
        voice = VoicePacket(user_id, *packet[:3], opus, *packet[4:])
        bursts += to_bursts([voice])
