"""The example at the top of ``bot.voice``, as whoever copies it would run it."""

import asyncio
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import bot.voice
from media import ogg
from media.heard import SILENCE
from tests.benchmarks.crowd import packets_of_opus
from tests.bot.voice.room import ANA, QUIET, Guild, until

ROOT = Path(__file__).parents[3]
COPIED = ("media", "bot/voice", "bot/clock.py", "bot/errors.py")
SPOKEN_S = 3.0

ALONE = """
import sys
# What is installed as editable would be found, too.
sys.meta_path[:] = [one for one in sys.meta_path if "__editable" not in repr(one)]
import example
import bot.voice
print(bot.voice.__file__)
"""


def example():
    """Return the program that the docstring shows."""
    shown = bot.voice.__doc__.partition("discord.py 2.7.1:\n")[2]
    lines = shown.partition("\nIt takes")[0]
    return textwrap.dedent(lines)


def test_the_example_hears_and_records(tmp_path, capsys):
    """Against a voice server with DAVE: a line about the talk, and the same Opus."""
    program = {}
    exec(example(), program)  # noqa: S102 (our own docstring)
    sound = packets_of_opus(SPOKEN_S, 0)

    async def scene():
        guild = Guild()
        channel = await guild.open(1, dave=True, faults=QUIET)
        await channel.server.add_member(ANA)
        link = await program["listen"](channel, tmp_path)
        await channel.server.settle()
        await channel.server.speak(ANA, sound)
        await until(lambda: link.snapshot().speakers[0].opened >= len(sound))
        await link.leave()
        await guild.close()

    asyncio.run(scene())

    track = ogg.pages((tmp_path / f"{ANA}.opus").read_bytes())
    packets = [packet for page in track for packet in page.packets][2:]
    assert [packet for packet in packets if packet != SILENCE] == sound
    assert capsys.readouterr().out.startswith(f"{ANA} talked for ")


def test_it_takes_what_it_says_and_nothing_else(tmp_path):
    """The example's imports work where only the files that it names are."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").touch()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
        assert name in bot.voice.__doc__
    (tmp_path / "example.py").write_text(example())

    done = subprocess.run(  # our own interpreter and docstring
        [sys.executable, "-c", ALONE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)
