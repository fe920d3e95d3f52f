"""What is said where the page cannot listen."""

import errno
import socket

import pytest

from bot.page.address import is_taken, way_out, why, wrong_key
from bot.settings import PageSettings

SETTINGS = PageSettings(host="10.0.0.9", port=80)


@pytest.mark.parametrize(
    ("number", "key", "words"),
    [
        (errno.EADDRINUSE, "page.port = 80", "stop what uses it"),
        (errno.EACCES, "page.port = 80", "1024 or more"),
        (errno.EADDRNOTAVAIL, "page.host = '10.0.0.9'", "address of this machine"),
        (socket.EAI_NONAME, "page.host = '10.0.0.9'", "address of this machine"),
    ],
)
def test_the_key_to_blame_and_the_way_out(number, key, words):
    """Another port helps nobody whose host is wrong."""
    error = OSError(number, "error while attempting to bind")

    assert wrong_key(SETTINGS, error) == key
    assert words in way_out(error)
    assert is_taken(error) == (number == errno.EADDRINUSE)


def test_why_is_the_system_s_word():
    """Asyncio's sentence names the address again; a resolver's numbers are its own."""
    taken = OSError(errno.EADDRINUSE, "error while attempting to bind on address …")

    assert why(taken) == "Address already in use"
    assert why(socket.gaierror(socket.EAI_NONAME, "Name not known")) == "Name not known"
