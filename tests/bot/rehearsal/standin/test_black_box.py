"""A bot process that was told nothing: names by the hosts file, trust by the CA file.

Needs private mount and network namespaces; skipped, saying so, where the machine does
not allow them.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[4]
UNSHARES = (["unshare", "-m", "-n"], ["unshare", "-r", "-m", "-n"])


@cache
def unshare():
    """Return the command that makes private namespaces, or skip."""
    said = "there is no unshare command"
    for command in UNSHARES:
        try:
            trial = subprocess.run(
                [*command, "mount", "--bind", "/etc/hosts", "/etc/hosts"],
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            break
        if trial.returncode == 0:
            return command
        said = trial.stderr.strip()
    pytest.skip(f"private namespaces are not allowed here: {said}")


def play(scene, folder, bot):
    """Run a scene inside a namespace and return its findings."""
    run = subprocess.run(
        [*unshare(), sys.executable, HERE / "namespace.py", folder, scene, *bot],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])


def test_an_unmodified_bot_process_cannot_tell(tmp_path):
    """Login, commands, an answer and DAVE voice work by Discord's own addresses."""
    found = play("hello", tmp_path, [sys.executable, str(HERE / "plain_bot.py")])

    assert found["said"] == ["Hello, Elena!"]
    assert found["where"] == [found["voice"]] * 2
    assert found["stand_in_exit"] == 0


def test_tertulia_run_cannot_tell(tmp_path):
    """The shipped bot, started as people start it, runs a Space on a stage."""
    config = tmp_path / "config.toml"
    config.write_text(f'[store]\nfolder = "{tmp_path / "data"}"\n', "utf-8")
    bot = [sys.executable, "-m", "bot", "run", "--config", str(config)]

    found = play("space", tmp_path, bot)

    assert found["topics"] == ["Tea"]
    assert all(found["answered"])
    assert found["refused"] == []
