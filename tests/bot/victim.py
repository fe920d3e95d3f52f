"""A bot in a process of its own, to be killed: ``python -m tests.bot.victim``.

One parent process has imported everything; for each line of JSON on its standard
input it forks a child that is the bot of that stand-in, and prints the child's pid.
A child starts in milliseconds, and its death is a real one.
"""

import logging
import ssl

from bot.build import build
from bot.config import Config
from bot.rehearsal.standin.connector import loopback
from tests.bot.guild import hurried
from tests.bot.zygote import fork_for_each


async def serve(order):
    """Be the bot that ``order`` asks for, until killed."""
    logging.basicConfig(level="INFO")
    context = ssl.create_default_context(cafile=order["ca"])
    config = hurried(Config(), order["folder"])
    async with build(config, loopback(order["port"], context)) as bot:
        await bot.start(order["token"])


if __name__ == "__main__":
    fork_for_each(serve)
