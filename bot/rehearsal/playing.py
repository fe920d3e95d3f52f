"""The theatre's own process: serves the stand-in and plays a scenario on it.

Started by ``bot.rehearsal.playhouse``, which has the words of the two.
"""

import asyncio
import contextlib
import dataclasses
import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from bot.errors import BotError
from bot.rehearsal.director import Clips, Director
from bot.rehearsal.scenario import Scenario, load
from bot.rehearsal.standin.casting import seed_of, settings_of
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.theatre import Theatre
from bot.rehearsal.truth import truth_of
from bot.rehearsal.voices.human import HumanVoices
from bot.rehearsal.voices.script import recorded
from bot.rehearsal.voices.synthesis import Synthesis


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--voices", type=click.Path(path_type=Path, file_okay=False))
def main(scenario: Path, voices: Path | None) -> None:
    """Serve, wait for the word to begin, play, and serve on until SIGTERM."""
    try:
        asyncio.run(_play(load(scenario), voices))
    except BotError as error:
        _tell(stage="failed", why=str(error))
        sys.exit(2)


@contextlib.contextmanager
def _recordings(scenario: Scenario, voices: Path | None) -> Iterator[Clips]:
    if voices is None:
        yield recorded(scenario, Synthesis())
        return
    with HumanVoices(voices, scenario.members) as people:
        yield recorded(scenario, people)


async def _play(scenario: Scenario, voices: Path | None) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    with _recordings(scenario, voices) as clips:
        truth = {
            name: dataclasses.asdict(one)
            for name, one in truth_of(scenario, clips).items()
        }
        async with StandIn(seed_of(scenario), settings_of(scenario)) as stand_in:
            _tell(stage="ready", truth=truth, **stand_in.description())
            await asyncio.to_thread(sys.stdin.readline)
            _tell(stage="began", at=time.time())
            playing = asyncio.create_task(_direct(scenario, stand_in, clips))
            await stopped.wait()
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)


async def _direct(scenario: Scenario, stand_in: StandIn, clips: Clips) -> None:
    failures = await Director(scenario, Theatre(stand_in), clips).run()
    _tell(
        stage="finished",
        failures=[str(failure) for failure in failures],
        received=_received(stand_in),
    )


def _received(stand_in: StandIn) -> Json:
    return {str(user): seconds for user, seconds in stand_in.received.seconds.items()}


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
