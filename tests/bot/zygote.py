"""One process that has imported everything and forks a bot for each order it reads.

An order is a line of JSON on the standard input; the pid of its bot is the answer.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path


def fork_for_each(serve):
    """Fork a bot that runs ``serve(order)`` per line, until the input ends.

    What a bot prints goes to the file that its order names as ``log``.
    """
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
            asyncio.run(serve(order))
            os._exit(0)
        print(pid, flush=True)  # noqa: T201  # the answer to the test
