"""Rooms of real voices for evaluation: one stream per speaker, with its truth.

The recordings lie beside the project (``../shared/data``) and are never committed.
Truth where nobody labelled a clip: Silero's detector (0.5) on the clean recording,
pauses of up to 0.2 s closed. It is another model than the one that is judged, it sees
the clip before noise, packets and losses, and the labelled files are measured apart.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import discord
import numpy as np
from faster_whisper.vad import get_vad_model

from media.consent import Consent
from media.decode.sound import RATE_HZ, pcm
from media.heard import SILENCE, SpurtEnded, VoicePacket
from media.hearing import Hearing, HearingSettings
from media.intervals import Intervals, joined, seconds, union
from media.listening import Listener
from media.opus import OpusDecoder
from media.vad import WebrtcVad
from tests.figures import SHARED

SPEECH = SHARED / "data/A_speech"
TIMING = SHARED / "data/B_timing"
NOISE = TIMING / "nonspeech"
SUFFIXES = {".flac", ".wav", ".mp3"}
TWO_VOICES = {"faster-whisper", "google_speaker_turn"}
"""Folders whose clips hold two people on one stream."""
LEAST_TALK_S = 3.0
"""Speakers with less talk are left out: one word is no talk time."""
FRAME = 320
SILERO_FRAME = 512


@dataclass(frozen=True, slots=True)
class Stream:
    """One speaker's sound and when there is talk in it."""

    name: str
    sound: np.ndarray
    """Mono, 16 kHz, -1 to 1."""
    talk: Intervals


def load(path: Path) -> np.ndarray:
    """Return a file as mono 16 kHz, -1 to 1."""
    return np.frombuffer(pcm(path), "<i2").astype(np.float32) / 32768


def as_pcm(sound: np.ndarray) -> bytes:
    """Return int16 as the chain takes it."""
    return (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


def silero(sound: np.ndarray) -> Intervals:
    """Return the talk that Silero finds, pauses of up to 0.2 s closed."""
    padded = np.pad(sound, (0, -len(sound) % SILERO_FRAME))
    voice = np.asarray(get_vad_model()(padded)).ravel() > 0.5
    step = SILERO_FRAME / RATE_HZ
    return joined((n * step, (n + 1) * step) for n in np.flatnonzero(voice))


def webrtc(sound: np.ndarray) -> Intervals:
    """Return the talk that webrtcvad finds in mode 2, pauses closed: a baseline."""
    data = as_pcm(sound)
    size = 2 * FRAME
    frames = [data[at : at + size] for at in range(0, len(data) - size + 1, size)]
    verdicts = WebrtcVad(2).detect(frames)
    return joined((n / 50, (n + 1) / 50) for n, talk in enumerate(verdicts) if talk)


def listened(sound: np.ndarray) -> Intervals:
    """Return the talk that the project finds in a recording."""
    listener = Listener(1, WebrtcVad(), HearingSettings())
    spurts = listener.feed(as_pcm(sound)) + listener.close()
    return union(*(spurt.talk for spurt in spurts))


def recordings() -> list[Path]:
    """Return every recording of speech, in one order."""
    return sorted(path for path in SPEECH.rglob("*") if path.suffix in SUFFIXES)


def streams(pause_s: float = 1.5) -> list[Stream]:
    """Build one stream per speaker: their clips with silence around each."""
    clips: dict[str, list[Path]] = defaultdict(list)
    for path in recordings():
        if path.parent.name not in TWO_VOICES:
            clips[speaker(path)].append(path)
    built = []
    gap = np.zeros(int(pause_s * RATE_HZ), np.float32)
    for name, paths in clips.items():
        parts, talk, at = [gap], [], pause_s
        for path in paths:
            clip = load(path)
            talk += [(at + start, at + end) for start, end in silero(clip)]
            parts += [clip, gap]
            at += len(clip) / RATE_HZ + pause_s
        if seconds(talk) >= LEAST_TALK_S:
            built.append(Stream(name, np.concatenate(parts), union(talk)))
    return built


def noises() -> dict[str, np.ndarray]:
    """Return noises to mix in or to listen to: recorded ones and made ones."""
    rng = np.random.default_rng(20)
    at = np.arange(30 * RATE_HZ) / RATE_HZ
    white = rng.normal(0, 0.05, len(at))
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.sqrt(np.arange(1, len(spectrum) + 1)), len(at))
    chord = sum(np.sin(2 * np.pi * hertz * at) for hertz in (220, 277, 330, 440))
    keys = np.zeros(len(at))
    for press in np.cumsum(rng.uniform(0.08, 0.3, 200)):
        start = int(press * RATE_HZ)
        if start + 200 < len(keys):
            keys[start : start + 200] += rng.normal(0, 0.3, 200) * np.exp(
                -np.arange(200) / 40
            )
    made = {
        "silence": np.zeros(len(at)),
        "white": white,
        "pink": pink / np.abs(pink).max() * 0.3,
        "hum": 0.1 * np.sin(2 * np.pi * 50 * at) + 0.05 * np.sin(2 * np.pi * 100 * at),
        "music": 0.1 * chord * (0.5 + 0.5 * np.sign(np.sin(2 * np.pi * 2 * at))),
        "keys": keys,
    }
    recorded = {path.stem: load(path) for path in sorted(NOISE.glob("*.flac"))}
    return {name: s.astype(np.float32) for name, s in (made | recorded).items()}


def with_noise(stream: Stream, noise: np.ndarray, snr_db: float) -> np.ndarray:
    """Add noise at ``snr_db`` below the power of the stream's talk."""
    voice = np.concatenate(
        [stream.sound[int(a * RATE_HZ) : int(b * RATE_HZ)] for a, b in stream.talk]
    )
    repeated = np.resize(noise, len(stream.sound))
    power = float((voice**2).mean()) / max(float((repeated**2).mean()), 1e-12)
    gain = np.float32(np.sqrt(power / 10 ** (snr_db / 10)))
    return stream.sound + repeated * gain


def packets(sound: np.ndarray, user_id: int) -> list[VoicePacket]:
    """Encode a stream as Discord's clients do: 20 ms, 48 kHz, FEC, 64 kb/s."""
    discord.opus._load_default()
    encoder = discord.opus.Encoder(
        application="voip", bitrate=64, fec=True, expected_packet_loss=0.05
    )
    at48 = np.interp(np.arange(len(sound) * 3) / 3, np.arange(len(sound)), sound)
    stereo = np.repeat((np.clip(at48, -1, 1) * 32767).astype("<i2"), 2).tobytes()
    size = 960 * 4
    made = []
    for n in range(len(stereo) // size):
        frame = stereo[n * size : (n + 1) * size]
        opus = encoder.encode(frame, 960) if any(frame) else SILENCE
        made.append(
            VoicePacket(user_id, user_id + 100, n & 0xFFFF, n * 960, opus, None, n / 50)
        )
    return made


def heard(
    sounds: dict[int, np.ndarray], *, loss: float = 0.0, seed: int = 3
) -> list[SpurtEnded]:
    """Send everybody's packets through the whole chain; return all talk spurts."""
    rng = np.random.default_rng(seed)
    hearing = Hearing(
        HearingSettings(), tracks=None, new_decoder=OpusDecoder, new_vad=WebrtcVad
    )
    for user_id in sounds:
        hearing.consent(user_id, Consent.TRANSCRIPT)
    every = [p for user_id, sound in sounds.items() for p in packets(sound, user_id)]
    every = [p for p in every if rng.random() >= loss]
    every.sort(key=lambda packet: packet.arrived_at)
    facts, at = [], 0
    end = max(packet.arrived_at for packet in every) + 2.0
    for tick in np.arange(0.06, end, 0.06):
        batch = []
        while at < len(every) and every[at].arrived_at < tick:
            batch.append(every[at])
            at += 1
        facts += hearing.feed(batch)
        facts += hearing.tick(float(tick))
    facts += hearing.close(end)
    return [fact for fact in facts if isinstance(fact, SpurtEnded)]


def speaker(path: Path) -> str:
    """Name the speaker of a clip, as far as its folder and name tell."""
    folder, stem = path.parent.name, path.stem
    language = path.parts[-3]
    match folder:
        case "librispeech" | "speechbrain":
            who = stem.replace("_", "-").split("-")[0]
        case "vctk" | "ljspeech":
            who = folder
        case _:
            who = stem
    return f"{language}/{folder}/{who}"
