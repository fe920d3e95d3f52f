"""How much sound real clients have sent: decrypted, and decodable as Opus."""

from collections import defaultdict

from media.opus import OpusDecoder

SAMPLE_RATE = 16_000
"""What the decoder gives, mono."""

BYTES_PER_SAMPLE = 2


class Received:
    """Counts what decodes, per user."""

    def __init__(self) -> None:
        self._samples: dict[int, int] = defaultdict(int)
        self.undecodable: dict[int, int] = defaultdict(int)
        """Packets that were no Opus."""
        self._decoders: dict[int, OpusDecoder] = {}

    def take(self, user_id: int, opus: bytes) -> None:
        """Count one decrypted packet."""
        decoder = self._decoders.get(user_id)
        if decoder is None:
            decoder = self._decoders[user_id] = OpusDecoder()
        pcm = decoder.decode([opus])
        self._samples[user_id] += len(pcm) // BYTES_PER_SAMPLE
        if not pcm:
            self.undecodable[user_id] += 1

    @property
    def seconds(self) -> dict[int, float]:
        """User → seconds of sound."""
        return {who: count / SAMPLE_RATE for who, count in self._samples.items()}
