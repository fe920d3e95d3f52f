"""A client's session: what is kept for a resume, by 16-bit numbers."""

import json

import pytest

from bot.rehearsal.sfu.client import KEPT_MESSAGES, Client
from bot.rehearsal.sfu.opcodes import Op
from bot.rehearsal.sfu.outbox import Ending, Outbox


def taken(outbox):
    """Return what is in an outbox: numbers of messages, codes of endings."""
    seen = []
    while not outbox.queue.empty():
        message = outbox.queue.get_nowait()
        if isinstance(message, Ending):
            seen.append(message.code)
        elif isinstance(message, bytes):
            seen.append(int.from_bytes(message[:2], "big"))
        else:
            seen.append(json.loads(message).get("seq"))
    return seen


@pytest.fixture
def client():
    return Client(5, "session", 2001)


def speak(client, count):
    for number in range(count):
        if number % 2:
            client.send(Op.SPEAKING, {"user_id": "1", "ssrc": 3, "speaking": 1})
        else:
            client.send(Op.PROPOSALS, b"proposal")


def test_json_and_binary_share_their_numbers(client):
    """Every message that may not be missed has the next number."""
    outbox = Outbox()
    client.attach(outbox)

    speak(client, 4)
    client.send(Op.READY, {})

    assert taken(outbox) == [0, 1, 2, 3, None]


@pytest.mark.parametrize("before", [0, 65_530, 65_536, 131_060])
def test_a_resume_brings_what_came_after(client, before):
    """Numbers that wrap around at 16 bits still name one message each."""
    speak(client, before)
    client.acknowledge((before - 1) & 0xFFFF if before else -1)
    speak(client, 10)
    outbox = Outbox()
    client.attach(outbox)

    client.resend((before + 6) & 0xFFFF)

    assert taken(outbox) == [(before + n) & 0xFFFF for n in (7, 8, 9)]


def test_a_client_that_has_seen_nothing(client):
    """-1 asks for everything from the first message on."""
    speak(client, 3)
    outbox = Outbox()
    client.attach(outbox)

    assert client.can_resume_from(-1)
    client.resend(-1)

    assert taken(outbox) == [0, 1, 2]


def test_too_much_was_missed(client):
    """What is no longer kept cannot be sent again: the session is over."""
    speak(client, KEPT_MESSAGES + 10)

    assert not client.can_resume_from(5)
    assert client.can_resume_from(9)


def test_an_old_websocket_does_not_take_the_session_away(client):
    """Only the websocket that serves the session lets go of it."""
    old, new = Outbox(), Outbox()
    client.attach(old)
    client.attach(new)

    client.detach(old)
    assert client.attached
    client.end(4006)

    assert taken(old) == []
    assert taken(new) == [4006]
    assert not client.attached
