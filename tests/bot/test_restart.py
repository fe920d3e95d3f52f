"""``kill -9`` at twenty instants of a Space, and what the next process makes of it.

The victim is a process of its own on the loopback stand-in; its death is real. Each
instant is one sentence of the script below, taken before or after its answer.
"""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass

import pytest

from moderation.settings import RoomKind
from moderation.space import Space
from tests.bot.guild import ANA, HOST, LUIS, Stage, place, until

pytestmark = pytest.mark.long

INSTANTS = [
    "opening",
    "opened",
    "recording",
    "hand",
    "calling",
    "called",
    "accepting",
    "demoting",
    "hushing",
    "ending",
]
"""Where the script is cut: a word in -ing as soon as its fact is in the journal and
none of its effects is known to have run, the others when the bot has answered."""

CASES = [(kind, instant) for kind in RoomKind for instant in INSTANTS]
AT_ONCE = 4
"""Worlds that run side by side."""


@dataclass
class After:
    """What was found when the second process had settled."""

    live: bool
    """The journal of the first process had begun and did not say that it ended."""

    settled: bool
    """The second process put everything right in time."""

    heard: dict[str, bool]
    """Whom people hear, as Discord has it."""

    may_speak: dict[str, bool]
    """Who has the floor by the journal."""

    owed: set[str]
    """Whose mute is in the ledger."""

    muted: set[str]
    """Whose mute is on Discord."""

    panels: int
    answer: str
    """What a button of the old panel said."""


class Zygote:
    """Starts and kills bots."""

    def __init__(self):
        self._process = subprocess.Popen(  # our own module
            [sys.executable, "-m", "tests.bot.victim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._one_at_a_time = asyncio.Lock()

    async def start(self, standin, folder):
        """Start a bot on a stand-in and return its pid once it is ready."""
        order = {
            "port": standin.tls_port,
            "ca": str(standin.ca),
            "folder": str(folder),
            "token": standin.token,
            "log": str(folder.with_suffix(".log")),
        }
        known = set(standin.gateway.sessions)
        async with self._one_at_a_time:
            print(json.dumps(order), file=self._process.stdin, flush=True)
            pid = int(await asyncio.to_thread(self._process.stdout.readline))
        await until(lambda: set(standin.gateway.sessions) - known, seconds=60)
        return pid

    def close(self):
        """Let the parent of all bots go."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def kill(pid):
    """Kill a process as the kernel does when memory runs out."""
    os.kill(pid, signal.SIGKILL)


async def play(stage, folder, instant):
    """Play the script up to an instant."""
    script = {
        "open": lambda: stage.said(HOST, "space start", topic="Seeds", language="en"),
        "record": lambda: stage.said(HOST, "record start"),
        "consent": lambda: stage.said(ANA, "privacy consent", level="audio"),
        "hand": lambda: stage.said(ANA, "floor ask", note="seeds"),
        "call": lambda: stage.said(HOST, "floor next"),
        "accept": lambda: stage.said(ANA, "floor accept"),
        "demote": lambda: stage.said(
            HOST, "floor demote", member=str(stage.member(ANA).id)
        ),
        "hush": lambda: stage.said(HOST, "mod hush"),
        "end": lambda: stage.said(HOST, "space end"),
    }
    stem = instant.removesuffix("ing").removesuffix("ed")
    stem = {"demot": "demote"}.get(stem, stem)
    for word, say in script.items():
        before = len(rows(folder))
        sent = await say()
        if word == stem and instant.endswith("ing"):
            await until(lambda: len(rows(folder)) > before)  # noqa: B023  # done here
            return
        await stage.answer(sent)
        if word == stem:
            return


async def crash(zygote, folder, kind, instant):
    """Kill a bot at an instant, start another, and look."""
    async with place() as standin:
        stage = Stage(standin, None, kind)
        pid = await zygote.start(standin, folder)
        await stage.commands()
        await stage.enter(HOST, ANA, LUIS)
        await play(stage, folder, instant)
        kill(pid)
        _, space = await asyncio.to_thread(left_behind, folder)
        pid = await zygote.start(standin, folder)
        try:
            return await settled(stage, folder, space)
        finally:
            kill(pid)


async def settled(stage, folder, before):
    """Wait until the second process has put things right, and describe them."""
    names = (HOST, ANA, LUIS)
    live = before is not None and before.is_live

    def right():
        _, space = left_behind(folder)
        if not live:
            return not any(stage.muted(name) for name in names)
        returned = "BotReturned" in rows(folder)
        return (
            returned
            and bool(stage.panels())
            and all(
                stage.heard(name) == wanted(space, stage.member(name).id)
                for name in names
            )
        )

    try:
        await until(right, seconds=60)
        came_right = True
    except TimeoutError:
        came_right = False
    _, space = left_behind(folder)
    ids = {stage.member(name).id: name for name in names}
    said = ""
    if live:
        said = await stage.click(LUIS, int(stage.panels()[0]["id"]), "queue")
    return After(
        live=live,
        settled=came_right,
        heard={name: stage.heard(name) for name in names},
        may_speak={name: live and wanted(space, user) for user, name in ids.items()},
        owed={ids[user] for user in owed(folder)},
        muted={name for name in names if stage.muted(name)},
        panels=len(stage.panels()),
        answer=said,
    )


def wanted(space, user_id):
    """Say whether somebody is to be heard by people: on a stage once invited."""
    if space.may_speak(user_id):
        return True
    return space.state.kind is RoomKind.STAGE and space.is_called(user_id)


def left_behind(folder):
    """Return whether a Space was opened, and what its journal says of it."""
    with connect(folder) as db:
        kept = db.execute("SELECT at, name, body FROM journal ORDER BY seq").fetchall()
    return bool(kept), Space.replay(kept) if kept else None


def rows(folder):
    """Return the names of the journal's facts."""
    with connect(folder) as db:
        return [name for (name,) in db.execute("SELECT name FROM journal")]


def owed(folder):
    """Return whose mute is in the ledger."""
    with connect(folder) as db:
        found = db.execute("SELECT user_id FROM mutes WHERE released_at IS NULL")
        return [user_id for (user_id,) in found]


@contextlib.contextmanager
def connect(folder):
    """Read a bot's record beside the bot."""
    db = sqlite3.connect(folder / "tertulia.db")
    try:
        yield db
    finally:
        db.close()


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory):
    """Give what was found after each instant."""

    async def main():
        zygote = Zygote()
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(kind, instant):
            folder = tmp_path_factory.mktemp(f"{kind.value}-{instant}")
            async with turn:
                return await crash(zygote, folder, kind, instant)

        try:
            found = await asyncio.gather(*(one(*case) for case in CASES))
        finally:
            zygote.close()
        return dict(zip(CASES, found, strict=True))

    return asyncio.run(main())


@pytest.mark.parametrize("instant", INSTANTS)
@pytest.mark.parametrize("kind", list(RoomKind), ids=lambda kind: kind.value)
def test_a_killed_bot_goes_on_where_it_was(aftermath, kind, instant):
    """The floor is as the journal says, no mute is forgotten, old buttons work."""
    found = aftermath[kind, instant]

    if kind is RoomKind.VOICE:
        assert found.muted <= found.owed
    assert found.settled
    if not found.live:
        assert found.muted == set()
        return
    assert found.heard == found.may_speak
    assert found.panels == 1
    assert found.answer.startswith(("1. ", "No hands are up."))


def test_every_state_of_a_space_was_met(aftermath):
    """Some were killed before they opened or after they ended, most in between."""
    assert sum(found.live for found in aftermath.values()) >= len(CASES) // 2
