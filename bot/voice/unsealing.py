"""Datagrams → packets: transport encryption, padding and extensions taken off.

Two keys may be in use at a time: after a new session description, what is in flight
still comes under the former one. Rules:

1. No datagram raises: it becomes a packet, or a count with a name.
2. Whose stream a datagram belongs to is believed only once it has been decrypted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.voice.inbox import Datagram
from bot.voice.keepalive import Keepalive
from bot.voice.transport import Cipher, TransportRefused
from media.rtp import Ignored, Packet, Packets, read, read_usual

REKEY_S = 2.0
"""Seconds that packets of the former transport key are still opened."""


class Unsealing:
    """The transport keys of one connection."""

    def __init__(self, ignored: Counter[str], keepalive: Keepalive) -> None:
        """Begin without a key; count in ``ignored``, show ``keepalive`` what echoes."""
        self._ignored = ignored
        self._keepalive = keepalive
        self._ciphers: list[Cipher] = []
        self._rekeyed_at = 0.0

    def key(self, cipher: Cipher, now: float) -> None:
        """Open packets with this from now on, those in flight with the former one."""
        self._ciphers = [cipher, *self._ciphers[:1]]
        self._rekeyed_at = now

    def clear(self) -> None:
        """Forget the keys: another session has others."""
        self._ciphers.clear()

    def expire(self, now: float) -> None:
        """Forget the former key in time."""
        if len(self._ciphers) > 1 and now - self._rekeyed_at > REKEY_S:
            del self._ciphers[1:]

    @property
    def has_key(self) -> bool:
        """Say whether anything can be opened."""
        return bool(self._ciphers)

    def usual(self, datagrams: Sequence[bytes]) -> Packets | None:
        """Open datagrams of one SSRC together; None if that takes ``each``."""
        try:
            return read_usual(datagrams, self._ciphers[0].open_all)
        except TransportRefused:
            return None

    def each(self, datagrams: Iterable[Datagram]) -> Mapping[int, list[Packet]]:
        """Open datagrams one by one; return the packets by SSRC."""
        streams: defaultdict[int, list[Packet]] = defaultdict(list)
        decrypt = self._ciphers[0].open
        for datagram, arrived_at in datagrams:
            try:
                packet = read(datagram, arrived_at, decrypt)
            except TransportRefused:
                packet = self._read_former(datagram, arrived_at)
            if isinstance(packet, Packet):
                streams[packet.ssrc].append(packet)
            else:
                self._ignored[packet.value] += 1
                if packet is Ignored.SHORT or packet is Ignored.VERSION:
                    self._keepalive.answered(datagram)
        return streams

    def _read_former(self, datagram: bytes, arrived_at: float) -> Packet | Ignored:
        """Try the key before the present one."""
        if len(self._ciphers) < 2 or arrived_at - self._rekeyed_at > REKEY_S:
            return Ignored.TRANSPORT
        try:
            return read(datagram, arrived_at, self._ciphers[1].open)
        except TransportRefused:
            return Ignored.TRANSPORT
