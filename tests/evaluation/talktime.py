"""Talk time on real voices: clean, in noise, with losses, and on noise alone.

Voices and noises are heard by weights that were taught without them
(``tests.evaluation.heldout``); what the shipped weights reach, which know them, stands
beside as a baseline.
"""

import json
import statistics
from collections.abc import Iterator

import numpy as np

from media import rttm
from media.decode.sound import RATE_HZ
from media.intervals import Intervals, seconds, union
from tests.evaluation import rooms
from tests.evaluation.heldout import HeldOut, fold_of, held_out
from tests.figures import Figure, NotMeasured

SNR_DB = 10.0
LOSS = 0.05
MADE = ("white", "pink")


def figures() -> Iterator[Figure | NotMeasured]:
    """Measure everything; nothing where the recordings are absent."""
    for needed in (rooms.SPEECH, rooms.TIMING):
        if not needed.is_dir():
            yield NotMeasured("talk time", f"no recordings in {needed}")
            return
    streams = rooms.streams()
    noises = rooms.noises()
    with held_out() as unknowing:
        yield from _clean(streams, unknowing)
        yield from _noisy(streams, noises, unknowing)
        yield from _noise_only(noises, unknowing)
    yield _lossy(streams)
    yield _labelled()


def _clean(streams: list[rooms.Stream], unknowing: HeldOut) -> Iterator[Figure]:
    found = unknowing.listened((s.name, s.sound) for s in streams)
    errors = [_error(talk, s.talk) for talk, s in zip(found, streams, strict=True)]
    shipped = [_error(rooms.listened(s.sound), s.talk) for s in streams]
    baseline = [_error(rooms.webrtc(s.sound), s.talk) for s in streams]
    yield Figure(
        "talktime.error_clean",
        statistics.mean(errors),
        "%",
        "lower",
        3.0,
        {
            "webrtcvad mode 2": statistics.mean(baseline),
            "shipped": statistics.mean(shipped),
        },
        len(errors),
    )
    yield Figure(
        "talktime.error_clean_worst",
        max(errors),
        "%",
        "lower",
        None,
        {"webrtcvad mode 2": max(baseline)},
        len(errors),
    )


def _noisy(
    streams: list[rooms.Stream], noises: dict[str, np.ndarray], unknowing: HeldOut
) -> Iterator[Figure]:
    mixtures = [
        rooms.with_noise(stream, noises[_mixed_with(stream.name, n)], SNR_DB)
        for n, stream in enumerate(streams)
    ]
    found = unknowing.listened(
        (stream.name, mixed) for stream, mixed in zip(streams, mixtures, strict=True)
    )
    errors = [_error(talk, s.talk) for talk, s in zip(found, streams, strict=True)]
    shipped, webrtc, silero = [], [], []
    for stream, mixed in zip(streams, mixtures, strict=True):
        shipped.append(_error(rooms.listened(mixed), stream.talk))
        webrtc.append(_error(rooms.webrtc(mixed), stream.talk))
        silero.append(_error(rooms.silero(mixed), stream.talk))
    baselines = {"webrtcvad mode 2": webrtc, "silero": silero, "shipped": shipped}
    yield Figure(
        "talktime.error_10db",
        statistics.mean(errors),
        "%",
        "lower",
        8.0,
        {who: statistics.mean(values) for who, values in baselines.items()},
        len(errors),
    )
    yield Figure(
        "talktime.error_10db_worst",
        max(errors),
        "%",
        "lower",
        None,
        {who: max(values) for who, values in baselines.items()},
        len(errors),
    )


def _mixed_with(voice: str, number: int) -> str:
    """Choose a noise that the weights of the voice's fold do not know either."""
    recorded = sorted(path.stem for path in rooms.NOISE.iterdir())
    unknown = [noise for noise in recorded if fold_of(noise) == fold_of(voice)]
    choice = [*MADE, *unknown]
    return choice[number % len(choice)]


def _lossy(streams: list[rooms.Stream]) -> Figure:
    """Everything through Opus, packets and the playout buffer, 5 % of them lost."""
    chosen = [s for s in streams if len(s.sound) < 40 * RATE_HZ][:12]
    spurts = rooms.heard(
        {number: s.sound for number, s in enumerate(chosen, 1)}, loss=LOSS
    )
    errors = []
    for number, stream in enumerate(chosen, 1):
        talk = union(*(f.spurt.talk for f in spurts if f.spurt.user_id == number))
        errors.append(_error(talk, stream.talk))
    return Figure(
        "talktime.error_loss_5",
        statistics.mean(errors),
        "%",
        "lower",
        None,
        {},
        len(errors),
    )


def _labelled() -> Figure:
    """Files that people labelled, all their speech together per file."""
    errors, silero = [], []
    for sound, labels in _labels():
        errors.append(_error(rooms.listened(sound), labels))
        silero.append(_error(rooms.silero(sound), labels))
    return Figure(
        "talktime.error_labelled",
        statistics.mean(errors),
        "%",
        "lower",
        None,
        {"silero": statistics.mean(silero)},
        len(errors),
    )


def _labels() -> Iterator[tuple[np.ndarray, Intervals]]:
    folder = rooms.TIMING
    spoken = rttm.read((folder / "pyannote_sample/sample.rttm").read_text())
    yield (
        rooms.load(folder / "pyannote_sample/sample.flac"),
        union(*spoken.values()),
    )
    rows = (folder / "picovoice/cobra_labels.txt").read_text().splitlines()
    frames = [row.split("-") for row in rows if row and not row.startswith("#")]
    yield (
        rooms.load(folder / "picovoice/cobra_sample.flac"),
        union([(int(a) * 0.032, (int(b) + 1) * 0.032) for a, b in frames]),
    )
    for name, part in (("train", "train"), ("dev", "valid")):
        labels = json.loads((folder / f"speechbrain_vad/VAD_{name}.json").read_text())
        sound = rooms.load(folder / f"speechbrain_vad/{part}.wav")
        yield sound, union(_speechbrain(labels))


def _speechbrain(labels: dict) -> list[tuple[float, float]]:
    """Read speech in seconds of the whole file; each row is one cut of it."""
    times = []
    for row in labels.values():
        offset = row["wav"]["start"] / RATE_HZ
        edges = [float(edge) for edge in str(row["speech"]).split()]
        times += [
            (offset + start, offset + end)
            for start, end in zip(edges[::2], edges[1::2], strict=True)
        ]
    return times


def _noise_only(noises: dict[str, np.ndarray], unknowing: HeldOut) -> Iterator[Figure]:
    found = dict(zip(noises, unknowing.listened(noises.items()), strict=True))
    lengths = {name: len(sound) / RATE_HZ for name, sound in noises.items()}
    total = sum(lengths.values()) / 60
    webrtc = sum(seconds(rooms.webrtc(sound)) for sound in noises.values())
    shipped = sum(seconds(rooms.listened(sound)) for sound in noises.values())
    yield Figure(
        "talktime.noise_s_per_min",
        sum(map(seconds, found.values())) / total,
        "s/min",
        "lower",
        1.0,
        {"webrtcvad mode 2": webrtc / total, "shipped": shipped / total},
        len(noises),
    )
    worst = max(found, key=lambda name: seconds(found[name]) / lengths[name])
    yield Figure(
        "talktime.noise_s_per_min_worst",
        seconds(found[worst]) / lengths[worst] * 60,
        "s/min",
        "lower",
        None,
        {},
        1,
    )


def _error(found: Intervals, truth: Intervals) -> float:
    """Return how far the seconds are off, in percent of the truth."""
    return 100 * abs(seconds(found) / seconds(truth) - 1)
