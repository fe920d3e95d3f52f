"""``kill -9`` of a whole receiver while packets flow, and what is left of its tracks.

The receiver is a process of its own with real discord.py on a voice server of the
rehearsal's, with DAVE; three people talk and a few packets are lost on the way.

What a killed process may lose is a second: 0.4 s for which datagrams are gathered, a
beat, and a page of 24 frames. It counts from the last beat that the receiver had time
for: on a busy machine, what came after that lies in the kernel, and was never received.
"""

import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import av
import pytest

from bot.rehearsal.sfu.faults import Faults
from media import ogg
from media.heard import SILENCE
from tests.benchmarks.crowd import packets_of_opus
from tests.bot.voice.room import ANA, BEA, BOT, CID, VOICE, Guild, until

SEEDS = range(8)
AT_ONCE = 8
"""Receivers that are killed side by side."""

TAKEN_S = 0.5
"""Seconds after which what came is in the track's hands: gathering and a beat."""

PAGE_FRAMES = 24
"""Frames that a track keeps until its page is full."""


class Mortals:
    """Starts receivers."""

    def __init__(self):
        self._process = subprocess.Popen(  # our own module
            [sys.executable, "-m", "tests.bot.voice.mortal"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._one_at_a_time = asyncio.Lock()

    async def start(self, channel, folder):
        """Start a receiver of a channel and return its pid."""
        order = {
            "channel": channel.id,
            "endpoint": channel.endpoint,
            "members": channel.server.occupants,
            "folder": str(folder / "tracks"),
            "beats": str(folder / "beats"),
            "log": str(folder / "log"),
        }
        # By its main gateway the receiver's first session is always this one.
        channel.server.expect(BOT, "session1", "token1")
        async with self._one_at_a_time:
            print(json.dumps(order), file=self._process.stdin, flush=True)
            return int(await asyncio.to_thread(self._process.stdout.readline))

    def close(self):
        """Let the parent of all receivers go."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Sent:
    """What a voice server sent, frame by frame; it kills when there is enough."""

    def __init__(self, server, pid):
        self._pid = pid
        self._send = server._air._send
        server._air._send = self._record
        self.frames = {user_id: [] for user_id in (ANA, BEA, CID)}
        """Member → when it was in the receiver's socket at the latest, and Opus."""
        self.count = 0
        self.most = None

    def _record(self, stream, frame, stall):
        if self.count == self.most:
            return
        self._send(stream, frame, stall)
        # Those that the network loses are here, too: the receiver has to notice.
        self.frames[stream.user_id].append((time.monotonic(), frame.opus))
        self.count += 1
        if self.count == self.most:
            os.kill(self._pid, signal.SIGKILL)


@dataclass
class Death:
    """A receiver that was killed, and what it had been sent."""

    folder: object
    sent: dict
    """Member → frames without silence: when, and Opus."""

    heard_at: float
    """The last moment of which the receiver said what it had missed until then."""

    missing: dict
    """Member → frames that it had noticed not to have, by then."""


def alive(pid):
    """Say whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def sound_of(path):
    """Return the Opus packets of a track, without silence and concealed losses."""
    pages = ogg.pages(path.read_bytes()) if path.exists() else ()
    whole = [page for page in pages if isinstance(page, ogg.Page)]
    packets = itertools.chain.from_iterable(page.packets for page in whole[2:])
    return [opus for opus in packets if opus != SILENCE and len(opus) > 1]


async def talk(server, chance):
    """Let three people talk for longer than the receiver lives."""
    now = asyncio.get_running_loop().time()
    pauses = [now + 1.9 * number + chance.uniform(0, 0.4) for number in range(30)]
    remarks = [
        server.speak(BEA, packets_of_opus(chance.uniform(0.2, 1.4), 1), start=at)
        for at in pauses
    ]
    later = now + chance.uniform(0.0, 1.0)
    await asyncio.gather(
        server.speak(ANA, packets_of_opus(120.0, 0)),
        server.speak(CID, packets_of_opus(120.0, 2), start=later),
        *remarks,
    )


async def die(mortals, folder, seed):
    """Kill a receiver at an instant that the seed decides."""
    chance = random.Random(seed)
    guild = Guild()
    faults = Faults(seed, loss=0.03, duplicate=0.05, padding_share=0.1, noise=True)
    channel = await guild.open(VOICE, dave=True, faults=faults)
    server = channel.server
    for user_id in (ANA, BEA, CID):
        await server.add_member(user_id)
    pid = await mortals.start(channel, folder)
    try:
        await until(lambda: BOT in server._channel.delivery.present)
        await server.settle(30.0)
        sent = Sent(server, pid)
        talking = asyncio.create_task(talk(server, chance))
        paths = [folder / "tracks" / f"{user_id}.opus" for user_id in sent.frames]
        await until(lambda: all(map(sound_of, paths)))
        sent.most = sent.count + chance.randint(1, 300)
        await until(lambda: not alive(pid))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for user_id in sent.frames:
        server.hush(user_id)
    await talking
    await guild.close()
    lines = (folder / "beats").read_text().splitlines()
    heard_at, missing = json.loads(lines[-1])
    return Death(
        folder / "tracks",
        {
            user_id: [(at, opus) for at, opus in frames if opus != SILENCE]
            for user_id, frames in sent.frames.items()
        },
        heard_at,
        {int(user_id): count for user_id, count in missing.items()},
    )


@pytest.fixture(scope="module")
def deaths(tmp_path_factory):
    """Every seed's receiver, killed."""
    folder = tmp_path_factory.mktemp("killed")

    async def all_of_them():
        mortals = Mortals()
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(seed):
            async with turns:
                (folder / str(seed)).mkdir()
                return await die(mortals, folder / str(seed), seed)

        try:
            return await asyncio.gather(*map(one, SEEDS))
        finally:
            mortals.close()

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("user_id", [ANA, BEA, CID], ids=["ana", "bea", "cid"])
def test_a_receiver_is_killed(user_id, seed, deaths):
    """Every track is readable, right to the bit, and lacks a second at most."""
    death = deaths[seed]
    path = death.folder / f"{user_id}.opus"

    *pages, last = ogg.pages(path.read_bytes())
    if isinstance(last, ogg.Page):
        pages.append(last)
    assert all(isinstance(page, ogg.Page) for page in pages)
    assert [page.sequence for page in pages] == list(range(len(pages)))
    packets = [packet for page in pages[2:] for packet in page.packets]
    assert pages[-1].granule == 960 * len(packets)
    with av.open(str(path)) as track:  # as ffprobe reads it
        assert [bytes(p) for p in track.demux(audio=0) if p.size] == packets

    kept, sent = sound_of(path), death.sent[user_id]
    # Nobody can notice that the very first ones are lost.
    at = next(n for n, (_, opus) in enumerate(sent) if opus == kept[0])
    skipped = []
    for opus in kept:
        found = next(n for n in range(at, len(sent)) if sent[n][1] == opus)
        skipped += sent[at:found]
        at = found + 1
    received = death.heard_at - TAKEN_S
    assert sum(came < received for came, _ in skipped) <= death.missing[user_id]
    assert sum(came < received for came, _ in sent[at:]) <= PAGE_FRAMES
