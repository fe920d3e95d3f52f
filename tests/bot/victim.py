"""A bot in a process of its own, to be killed: ``python -m tests.bot.victim``.

One parent process has imported everything; for each line of JSON on its standard
input it forks a child that is the bot of that stand-in, and prints the child's pid.
A child starts in milliseconds, and its death is a real one.
"""

import asyncio
import json
import logging
import os
import signal
import ssl
import sys
from pathlib import Path

from bot.build import build
from bot.config import Config
from bot.rehearsal.standin.connector import loopback
from tests.bot.guild import hurried


async def serve(order):
    """Be the bot that ``order`` asks for, until killed."""
    context = ssl.create_default_context(cafile=order["ca"])
    config = hurried(Config(), order["folder"])
    async with build(config, loopback(order["port"], context)) as bot:
        await bot.start(order["token"])


def main():
    """Fork a bot per line, until the input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            sys.stdin.close()
            Path(order["log"]).touch()
            log = os.open(order["log"], os.O_WRONLY | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            logging.basicConfig(level="INFO")
            asyncio.run(serve(order))
            os._exit(0)
        print(pid, flush=True)  # noqa: T201  # the answer to the test


if __name__ == "__main__":
    main()
