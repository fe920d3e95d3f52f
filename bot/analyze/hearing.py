"""Per-speaker recordings → talk and words, by the code that hears a live Space.

Rule 1: one file is one speaker; second 0.0 of every file is the same moment.
Rule 2: without a speech model the talk is found all the same, and why there are no
words is said.
Rule 3: a file that cannot be read ends everything: half the speakers would look like
a whole Space.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import Config
from media.decode.multitrack import TrackFile, is_archive, speaker, unpack
from media.decode.sound import blocks
from media.heard import TalkSpurt
from media.hearing import HearingSettings
from media.listening import Listener
from media.transcript import Line, lines
from media.utterance import Grade, Utterance
from media.vad import WebrtcVad
from media.whisper.jobs import Missed, SpurtAudio
from media.whisper.status import Mode
from media.whisper.transcriber import Transcriber
from moderation.talktime.ledger import TalkLedger

SPACE = 1
WAITING_S = 120.0
"""Sound that may wait for the recogniser before decoding pauses, seconds."""

OnTrack = Callable[[str, float, float], None]
"""Told the speaker, the seconds heard and the seconds of talk as a track goes on."""


@dataclass(slots=True)
class HeardTracks:
    """What the recordings hold."""

    names: dict[int, str]
    ledger: TalkLedger = field(default_factory=TalkLedger)
    utterances: list[Utterance] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    seconds: float = 0.0
    """Length of the longest track."""
    no_words: str = ""
    """Why there are no words; "" where there are."""

    @property
    def lines(self) -> list[Line]:
        """The transcript under names."""
        return lines(self.utterances, self.names)


def tracks(paths: Sequence[Path], folder: Path) -> list[TrackFile]:
    """List the speakers' files, archives unpacked into ``folder``; names are unique."""
    found: list[TrackFile] = []
    for number, path in enumerate(paths):
        if path.is_file() and is_archive(path):
            place = folder / str(number)
            place.mkdir()
            found += unpack(path, place)
        else:
            found.append(TrackFile(speaker(path.name), path))
    return _unique(found)


async def hear(
    files: Sequence[TrackFile], config: Config, language: str, on_track: OnTrack
) -> HeardTracks:
    """Hear every file to its end; raise MediaError for the first that cannot be."""
    heard = HeardTracks({number: track.speaker for number, track in enumerate(files)})
    transcriber = Transcriber(config.speech)
    transcriber.subscribe(SPACE, heard.utterances.append, heard.missed.append)
    await transcriber.start()
    try:
        desk = _Desk(heard, transcriber, config.hearing, language)
        for user_id, track in enumerate(files):
            await _hear_one(track, user_id, desk, on_track)
        await transcriber.drain(SPACE)
        status = transcriber.status()
    finally:
        await transcriber.stop()
    if status.mode is Mode.TALK_TIME_ONLY:
        heard.no_words = status.detail
    return heard


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a track's spurts go."""

    heard: HeardTracks
    transcriber: Transcriber
    settings: HearingSettings
    language: str

    def take(self, spurt: TalkSpurt) -> None:
        """Count a spurt and have it recognised."""
        self.heard.ledger.heard(spurt.user_id, spurt.talk)
        self.transcriber.submit(
            SpurtAudio(
                space_id=SPACE,
                user_id=spurt.user_id,
                start=spurt.start,
                end=spurt.end,
                pcm=spurt.pcm,
                language=self.language,
                grade=Grade.FINAL,
                pcm_start=spurt.pcm_start,
            )
        )


async def _hear_one(
    track: TrackFile, user_id: int, desk: _Desk, on_track: OnTrack
) -> None:
    listener = Listener(user_id, WebrtcVad(), desk.settings)
    sound = blocks(track.path)
    talk = 0.0
    while block := await asyncio.to_thread(next, sound, b""):
        for spurt in listener.feed(block):
            talk += spurt.talk_s
            desk.take(spurt)
        on_track(track.speaker, listener.seconds, talk)
        if desk.transcriber.status().queued_s > WAITING_S:
            await desk.transcriber.drain(SPACE)
    for spurt in listener.close():
        talk += spurt.talk_s
        desk.take(spurt)
    on_track(track.speaker, listener.seconds, talk)
    desk.heard.seconds = max(desk.heard.seconds, listener.seconds)


def _unique(found: Sequence[TrackFile]) -> list[TrackFile]:
    """Tell speakers that share a name apart: two files are two people."""
    seen: dict[str, int] = {}
    named = []
    for track in found:
        seen[track.speaker] = count = seen.get(track.speaker, 0) + 1
        name = track.speaker if count == 1 else f"{track.speaker} ({count})"
        named.append(TrackFile(name, track.path))
    return named
