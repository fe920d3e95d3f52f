"""What goes wrong on the way to Discord."""

from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.faults import FAULTS, named, passes


def answer(status):
    """Return what discord.py raises for an answer of Discord's."""
    response = SimpleNamespace(status=status, reason="")
    return discord.HTTPException(response, {"code": 7, "message": "words"})


@pytest.mark.parametrize(
    ("fault", "may_pass", "name"),
    [
        (answer(403), False, "403 (code 7)"),
        (answer(429), True, "429 (code 7)"),
        (answer(502), True, "502 (code 7)"),
        (TimeoutError(), True, "TimeoutError"),
        (aiohttp.ServerDisconnectedError(), True, "ServerDisconnectedError"),
        (ConnectionResetError(104, "words"), True, "ConnectionResetError"),
    ],
)
def test_each_fault_is_known_by_what_to_do(fault, may_pass, name):
    """What Discord refuses stays refused; its words are in no log."""
    assert isinstance(fault, FAULTS)
    assert (passes(fault), named(fault)) == (may_pass, name)
