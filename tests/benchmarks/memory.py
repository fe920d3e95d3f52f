"""Memory of a Space of three hours, beside the speech model.

The model lives in a process of its own. A fresh process imports the whole bot, hears
three hours of eight people who talk in turn (real Opus, decoded, detected, recorded),
follows the conversation, and says how much memory it had at most.
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import bot.build  # noqa: F401 (what the bot imports is part of what it needs)
from media.consent import Consent
from media.heard import SILENCE, SpurtEnded, VoicePacket
from media.hearing import Hearing, HearingSettings
from media.opus import OpusDecoder
from media.tracks import OggFolder
from media.utterance import Utterance, Word, utterance_id
from media.vad import WebrtcVad
from moderation.conversation import Conversation, ConversationSettings
from moderation.drift.topic import Topic
from moderation.talktime.figures import figures as talk_figures
from moderation.talktime.ledger import TalkLedger
from tests.benchmarks.crowd import packets_of_opus
from tests.figures import ROOT, Figure

SPACE_S = 3 * 3600
SPEAKERS = 8
TURN_S = 20
LINE_S = 4
TARGET_MB = 400.0
WORDS = "the budget of this server needs one more review before monday"


def figures() -> Iterator[Figure]:
    """Run the three hours in a process of their own."""
    shown = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.memory"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    before, after, lines = map(float, shown.stdout.split())
    yield Figure(
        "memory.space_3h_mb",
        after,
        "MB",
        "lower",
        TARGET_MB,
        {"before the Space": before},
        int(lines),
    )


def live_through() -> None:
    """Hear three hours and print the memory before and after, MB."""
    frames = packets_of_opus(TURN_S)
    before = _peak_mb()
    ledger, utterances = TalkLedger(), []
    talk = Conversation(
        ConversationSettings(), Topic("the budget of the server"), opened_at=0.0
    )
    with tempfile.TemporaryDirectory() as folder:
        hearing = Hearing(
            HearingSettings(),
            tracks=OggFolder(Path(folder)),
            new_decoder=OpusDecoder,
            new_vad=WebrtcVad,
        )
        for user_id in range(1, SPEAKERS + 1):
            hearing.consent(user_id, Consent.AUDIO)
        hearing.record(True, 0.0)
        for turn in range(SPACE_S // TURN_S):
            for fact in _turn(hearing, frames, turn):
                if isinstance(fact, SpurtEnded):
                    ledger.heard(fact.spurt.user_id, fact.spurt.talk)
            for line in _lines(turn):
                talk.heard_utterance(line)
                utterances.append(line)
        hearing.close(float(SPACE_S))
    talk_figures(ledger, float(SPACE_S))
    sys.stdout.write(f"{before} {_peak_mb()} {len(utterances)}\n")


def _turn(hearing: Hearing, frames: list[bytes], turn: int) -> Iterator[object]:
    """Let one person talk for a turn."""
    user_id = 1 + turn % SPEAKERS
    first = turn * TURN_S * 50
    sent = (turn // SPEAKERS) * (len(frames) + 5)
    packets = [
        VoicePacket(
            user_id,
            user_id,
            (sent + n) & 0xFFFF,
            (first + n) * 960 & 0xFFFFFFFF,
            opus,
            None,
            (first + n) / 50,
        )
        for n, opus in enumerate([*frames[:-10], *[SILENCE] * 5])
    ]
    for at in range(0, len(packets), 5):
        yield from hearing.feed(packets[at : at + 5])
        yield from hearing.tick((first + at + 5) / 50)


def _lines(turn: int) -> Iterator[Utterance]:
    """Make a turn's lines, each word with its time, whatever was taken for speech."""
    user_id = 1 + turn % SPEAKERS
    for start in range(turn * TURN_S, (turn + 1) * TURN_S, LINE_S):
        said = [*WORDS.split(), str(start)]
        words = tuple(Word(w, start + n / 4, start + n / 4) for n, w in enumerate(said))
        yield Utterance(
            utterance_id(user_id, start),
            user_id,
            float(start),
            float(start + LINE_S),
            " ".join(said),
            "en",
            words,
        )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    live_through()
