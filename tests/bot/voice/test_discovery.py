"""What asks for our address, and what is an answer."""

import struct

import pytest

from bot.voice import discovery

ANSWER = struct.pack(">HHI64sH", 2, 70, 7, b"203.0.113.9", 50_004)


def test_a_question():
    """74 bytes: type 1, what follows, our SSRC, and room for the answer."""
    assert discovery.question(7) == b"\x00\x01\x00\x46\x00\x00\x00\x07" + bytes(66)


def test_an_answer():
    """It holds the address that the server sees."""
    assert discovery.address(ANSWER) == ("203.0.113.9", 50_004)


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        ANSWER[:-1],
        discovery.question(7),
        ANSWER[:8] + b"\xff" + ANSWER[9:],
        ANSWER[:30] + b"x" + ANSWER[31:],
    ],
    ids=["empty", "short", "a question", "no text", "text after its end"],
)
def test_what_is_no_answer(datagram):
    """It is not taken for one."""
    assert discovery.address(datagram) is None
