"""Bytes from hostile networks, thrown at the receiver.

    python -m tests.fuzz.voice 1000000 [SEED]

Three targets: datagrams (mutated before or after transport encryption), the voice
gateway's JSON, and its MLS messages. What must hold: no exception, no frame in the name
of somebody who did not send it, nothing that grows without bound.
"""

import asyncio
import itertools
import json
import logging
import random
import struct
import sys
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import davey

from bot.rehearsal.sfu import rtp
from bot.rehearsal.sfu.delivery import Delivery, Sent
from bot.rehearsal.sfu.member import DaveMember
from bot.rehearsal.sfu.opcodes import Op
from bot.voice import transport
from bot.voice.circuit import Circuit, Roster
from bot.voice.dave import DaveStatus
from bot.voice.errors import VoiceError
from bot.voice.gateway import VoiceGateway
from bot.voice.gathering import GATHERED_S, Gathering
from bot.voice.group import DaveGroup
from bot.voice.inbox import Datagram
from bot.voice.reception import MOST_SPEAKERS, Reception
from bot.voice.ssrc import MOST_SSRCS, WAITING_PER_SSRC, WAITING_SSRCS
from media.consent import Consent
from media.heard import SILENCE, VoicePacket
from media.hearing import Hearing, HearingSettings
from media.opus import OpusDecoder
from media.vad import WebrtcVad
from tests.benchmarks.crowd import CHANNEL, ME, answer, group, packets_of_opus

KEY = bytes(range(32))
SPEAKERS = 3
STRANGER_SSRC = 666


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a few of them changed, cut, doubled or made up."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(spoilt) + 1)
        kind = chance.randrange(6)
        if kind == 0 and spoilt:
            spoilt[at % len(spoilt)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del spoilt[at:]
        elif kind == 2:
            spoilt[at:at] = chance.randbytes(chance.randint(1, 40))
        elif kind == 3 and spoilt:
            spoilt[at % len(spoilt)] = chance.choice((0, 1, 0x7F, 0x80, 0xFA, 0xFF))
        elif kind == 4:
            spoilt[at : at + chance.randint(1, 20)] = b""
        else:
            spoilt += spoilt[:at]
    return bytes(spoilt[:3000])


class Datagrams:
    """Voice packets of three members, good and spoilt, through the whole chain."""

    def __init__(self, seed: int, *, dave: bool) -> None:
        self._chance = random.Random(seed)
        session, self._members = group(SPEAKERS)
        self._dave = dave
        self._opus = {u: packets_of_opus(1.0, u) for u in self._members}
        self._said = {u: {*opus, SILENCE} for u, opus in self._opus.items()}
        self._cipher = rtp.Aes256Gcm(KEY)
        self._nonce = itertools.count(1)
        self._sequence = Counter[int]()
        self._gathering = Gathering()
        self.reception = Reception(ME)
        self.reception.key(transport.cipher(transport.AES_GCM, KEY), 0.0)
        if dave:
            self.reception.status = DaveStatus(session, 1, 1)
        self.hearing = Hearing(
            HearingSettings(), tracks=None, new_decoder=OpusDecoder, new_vad=WebrtcVad
        )
        for user_id in self._members:
            self.reception.consent(user_id, True)
            self.hearing.consent(user_id, Consent.TRANSCRIPT)
            self.reception.learn(user_id, 1000 + user_id, 0.0)
        self.now = 0.0
        self.heard = 0

    def step(self) -> None:
        """Throw one tick's worth: a few packets, most of them spoilt."""
        self.now += 0.02
        batch = [Datagram(self._packet(), self.now) for _ in range(5)]
        ready = self._gathering.sift(batch)
        if self._gathering.is_due(self.now + 0.02):
            ready = {**self._gathering.release(), **ready}
        bursts = self.reception.settle(self.now) + self.reception.receive(ready)
        packets = [packet for burst in bursts for packet in burst.packets()]
        for packet in packets:
            self._check(packet)
        self.hearing.hear(bursts)
        self._gathering.expect(self.hearing.talking(self.now, GATHERED_S))
        self.hearing.tick(self.now, self._gathering.awaited)
        self.heard += len(packets)

    def _packet(self) -> bytes:
        chance = self._chance
        user_id = chance.randint(1, SPEAKERS)
        self._sequence[user_id] += 1
        number = self._sequence[user_id]
        opus = self._opus[user_id][number % len(self._opus[user_id])]
        frame = self._members[user_id].encrypt(opus) if self._dave else opus
        assert frame is not None
        kind = chance.randrange(8)
        if kind == 0:  # a member, or a server, that sends nonsense under a good key
            frame = mutated(frame, chance)
        ssrc = STRANGER_SSRC + chance.randrange(5000) if kind == 1 else 1000 + user_id
        packet = rtp.build(
            rtp.Stamp(number, number * 960, ssrc),
            frame,
            extension=rtp.level_extension(40, number % 5 + 1),
            padding=chance.choice((0, 0, 0, 5, 200)),
        )
        header, plain = packet.header, packet.plain
        if kind == 2:
            plain = mutated(plain, chance)
        if kind == 3:
            header = mutated(header, chance)
        nonce = struct.pack(">I", next(self._nonce))
        datagram = header + self._cipher.seal(header, plain, nonce) + nonce
        return mutated(datagram, chance) if kind > 3 and kind < 7 else datagram

    def _check(self, packet: VoicePacket) -> None:
        """Take only what its named speaker sent: by key, or at least by SSRC."""
        if self._dave:
            assert packet.opus in self._said[packet.user_id]
        assert packet.ssrc == 1000 + packet.user_id or self._dave

    def check_bounds(self) -> None:
        """Nothing has grown beyond its bound."""
        reception = self.reception
        assert len(reception.tallies) <= MOST_SPEAKERS
        assert len(reception.ssrcs._users) <= MOST_SSRCS
        assert len(reception._strangers) <= WAITING_SSRCS * WAITING_PER_SSRC
        assert len(reception._held) <= WAITING_SSRCS * WAITING_PER_SSRC
        assert len(reception._why) <= MOST_SSRCS
        assert len(reception.ignored) <= 20


class _Deaf:
    """A listener that takes note of nothing, and a websocket that sends nowhere."""

    async def catch_up(self) -> None:
        """Have nothing to open."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


class Gateway:
    """One voice websocket in a group of three, without a network."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._recorded = recorded()
        self.gateway = self._new()

    def _new(self) -> VoiceGateway:
        state: Any = SimpleNamespace(
            dave_session=davey.DaveSession(1, ME, CHANNEL),
            dave_protocol_version=1,
            dave_pending_transitions={},
            dave_downgraded=False,
            socket=None,
            ssrc=7,
            ip=None,
            port=None,
            user=SimpleNamespace(id=ME),
            voice_client=SimpleNamespace(channel=SimpleNamespace(id=CHANNEL)),
        )

        group = DaveGroup(state, lambda _: None)

        async def reinit(*_: int) -> None:
            group.set_aside()
            version = state.dave_protocol_version
            if version:
                state.dave_session = davey.DaveSession(version, ME, CHANNEL)
            group.renewed()

        async def nothing(*_: object) -> None:
            return None

        state.reinit_dave_session = state._recover_from_invalid_commit = reinit
        loop = asyncio.get_running_loop()
        gateway = VoiceGateway(_Deaf(), loop=loop)  # type: ignore[arg-type] # unused
        gateway._connection = state
        gateway.send_as_json = gateway.send_binary = nothing  # type: ignore[method-assign,assignment] # sends nowhere
        gateway.initial_connection = gateway.load_secret_key = nothing  # type: ignore[method-assign,assignment] # likewise
        deaf: Any = _Deaf()
        gateway.circuit = Circuit(group, deaf, Roster(ME, lambda: [1, 2, 3]))
        return gateway

    async def step(self) -> None:
        """Throw one message, spoilt more often than not."""
        chance = self._chance
        if chance.randrange(500) == 0:
            self.gateway = self._new()
        if chance.randrange(2):
            message = chance.choice(self._recorded)
            if chance.randrange(3):
                message = mutated(message, chance)
            await self.gateway.received_binary_message(message)
        else:
            op, data = chance.choice(GOOD_JSON)
            if isinstance(data, dict) and chance.randrange(2):
                data = data | {chance.choice(list(data)): chance.choice(ODD)}
            text = json.dumps({"op": op, "d": data})
            if chance.randrange(2):
                text = mutated(text.encode(), chance).decode("latin-1")
            await self._json_message(text)
        # The gateway survives errors of its own; here they must not happen at all.
        assert "error" not in self.gateway.circuit.dropped

    async def _json_message(self, text: str) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return  # poll_event drops it
        if isinstance(message, dict) and message.get("op") == 8:
            return  # starts a heartbeat thread
        try:
            await self.gateway.received_message(message)
        except VoiceError:
            return  # no transport mode in common: the handshake fails, by name

    def check_bounds(self) -> None:
        """Nothing has grown beyond its bound."""
        assert len(self.gateway._connection.dave_pending_transitions) <= 64
        assert len(self.gateway.circuit.dropped) <= 10


ODD: list[Any] = [
    None, True, -1, 0, 1, 2, 255, 1 << 16, 1 << 32, 1 << 63, 1 << 70, 0.5, float("nan"),
    "", "0", "1", "x" * 5000, [], [None], ["1"] * 5, [1.5] * 32, {}, {"d": []},
]  # fmt: skip
"""Values that a field may hold against all sense."""

GOOD_JSON: list[tuple[int, Any]] = [
    (2, {"ssrc": 1, "ip": "127.0.0.1", "port": 5, "modes": list(transport.MODES)}),
    (
        4,
        {
            "mode": transport.AES_GCM,
            "secret_key": list(KEY),
            "dave_protocol_version": 1,
        },
    ),
    (5, {"user_id": "1", "ssrc": 7, "speaking": 1}),
    (9, None),
    (11, {"user_ids": ["1", "2"]}),
    (12, {"user_id": "1", "audio_ssrc": 9}),
    (13, {"user_id": "1"}),
    (21, {"transition_id": 3, "protocol_version": 0}),
    (22, {"transition_id": 3}),
    (24, {"epoch": 1, "protocol_version": 1}),
    (24, {"epoch": 1, "protocol_version": 0}),
    (24, {"epoch": 1, "protocol_version": 7}),
]


def recorded() -> list[bytes]:
    """Return the MLS messages that one member of a growing group was sent."""
    delivery = Delivery(CHANNEL)
    everybody = {u: DaveMember(u, CHANNEL) for u in (ME, 1, 2)}
    sent: list[bytes] = []
    queue: list[Sent] = []
    for user_id in everybody:
        queue += delivery.joined(user_id)
        while queue:
            one = queue.pop(0)
            if one.user_id == ME and isinstance(one.body, bytes):
                sent.append(struct.pack(">HB", len(sent), one.op) + one.body)
            for reply in everybody[one.user_id].receive(one):
                queue += answer(delivery, one.user_id, reply)
    assert {message[2] for message in sent} >= {Op.EXTERNAL_SENDER, Op.PROPOSALS}
    return sent


def throw_datagrams(count: int, seed: int, *, dave: bool) -> Datagrams:
    """Throw so many packets; raises where something does not hold."""
    target = Datagrams(seed, dave=dave)
    for _ in range(count // 5):
        target.step()
    target.check_bounds()
    return target


async def throw_messages(count: int, seed: int) -> Gateway:
    """Throw so many gateway messages; raises where something does not hold."""
    target = Gateway(seed)
    for _ in range(count):
        await target.step()
    target.check_bounds()
    return target


def main(count: int, seed: int) -> None:
    """Throw ``count`` packets of either kind and a tenth as many messages."""
    logging.disable(logging.WARNING)
    for dave in (False, True):
        target = throw_datagrams(count // 2, seed, dave=dave)
        sys.stdout.write(
            f"{count // 2} packets, DAVE {dave}: {target.heard} heard, "
            f"ignored {dict(target.reception.ignored)}\n"
        )
    gateway = asyncio.run(throw_messages(count // 10, seed))
    sys.stdout.write(
        f"{count // 10} messages: dropped {gateway.gateway.circuit.dropped}\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
