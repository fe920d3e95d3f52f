"""What the voice gateway says, checked."""

import pytest

from bot.voice import ops
from bot.voice.errors import MalformedMessage

ME = "999000000000000001"
KEY = list(range(32))

GOOD = [
    ({"op": 2, "d": {"ssrc": 1, "ip": "127.0.0.1", "port": 5, "modes": ["a", 7]}},
     ops.Ready(("a",))),
    ({"op": 4, "d": {"mode": "m", "secret_key": KEY, "dave_protocol_version": 1}},
     ops.Described("m", bytes(KEY), 1)),
    ({"op": 4, "d": {"mode": "m", "secret_key": KEY}},
     ops.Described("m", bytes(KEY), 0)),
    ({"op": 5, "d": {"user_id": ME, "ssrc": 7, "speaking": 1}, "seq": 3},
     ops.Speaking(int(ME), 7, 1)),
    ({"op": 8, "d": {"heartbeat_interval": 13750.0}}, ops.Hello(13750.0)),
    ({"op": 9, "d": None}, ops.Resumed()),
    ({"op": 11, "d": {"user_ids": ["1", "2"]}}, ops.Connected((1, 2))),
    ({"op": 12, "d": {"user_id": "1", "audio_ssrc": 9}}, ops.Streams(1, 9)),
    ({"op": 12, "d": {"user_id": "1"}}, ops.Streams(1, 0)),
    ({"op": 13, "d": {"user_id": "1"}}, ops.Disconnected(1)),
    ({"op": 21, "d": {"transition_id": 3, "protocol_version": 0}},
     ops.PrepareTransition(3, 0)),
    ({"op": 22, "d": {"transition_id": 3}}, ops.ExecuteTransition(3)),
    ({"op": 24, "d": {"epoch": 1, "protocol_version": 1}}, ops.PrepareEpoch(1, 1)),
    ({"op": 20, "d": {}}, ops.Other(20)),
]  # fmt: skip

BAD = [
    None,
    [],
    {},
    {"op": 5},
    {"op": True, "d": {}},
    {"op": "5", "d": {}},
    {"op": 5, "d": []},
    {"op": 5, "d": {"user_id": 1, "ssrc": 1}},
    {"op": 5, "d": {"user_id": "0", "ssrc": 1}},
    {"op": 5, "d": {"user_id": "١٢", "ssrc": 1}},
    {"op": 5, "d": {"user_id": "9" * 20, "ssrc": 1}},
    {"op": 5, "d": {"user_id": "1" * 30, "ssrc": 1}},
    {"op": 5, "d": {"user_id": ME, "ssrc": 1 << 32}},
    {"op": 5, "d": {"user_id": ME, "ssrc": 1.5}},
    {"op": 5, "d": {"user_id": ME, "ssrc": 1}, "seq": "x"},
    {"op": 2, "d": {"ssrc": 1, "ip": "127.0.0.1", "port": 5, "modes": "a"}},
    {"op": 2, "d": {"ssrc": 1, "ip": "127.0.0.1", "port": 0, "modes": []}},
    {"op": 2, "d": {"ssrc": 1, "ip": "127.0.0.1", "port": 1 << 16, "modes": []}},
    {"op": 2, "d": {"ssrc": 1 << 32, "ip": "127.0.0.1", "port": 5, "modes": []}},
    {"op": 2, "d": {"ssrc": 1, "ip": "voice.example", "port": 5, "modes": []}},
    {"op": 4, "d": {"mode": "m", "secret_key": KEY, "dave_protocol_version": 2}},
    {"op": 4, "d": {"mode": "m", "secret_key": KEY[:-1]}},
    {"op": 4, "d": {"mode": "m", "secret_key": [*KEY[:-1], 256]}},
    {"op": 4, "d": {"mode": 7, "secret_key": KEY}},
    {"op": 8, "d": {"heartbeat_interval": 0}},
    {"op": 8, "d": {"heartbeat_interval": float("nan")}},
    {"op": 11, "d": {"user_ids": ["1", None]}},
    {"op": 11, "d": {"user_ids": ["1"] * 30_000}},
    {"op": 21, "d": {"transition_id": 1}},
    {"op": 21, "d": {"transition_id": 1 << 16, "protocol_version": 1}},
    {"op": 21, "d": {"transition_id": 1, "protocol_version": 2}},
    {"op": 22, "d": {"transition_id": -1}},
    {"op": 24, "d": {"epoch": None, "protocol_version": 1}},
    {"op": 24, "d": {"epoch": 1, "protocol_version": 2}},
    {"op": 24, "d": {"epoch": 1, "protocol_version": -1}},
]


@pytest.mark.parametrize(("message", "value"), GOOD)
def test_a_message_within_the_protocol(message, value):
    """It becomes the value that it means."""
    assert ops.read(message) == value


@pytest.mark.parametrize("message", BAD, ids=repr)
def test_a_message_outside_the_protocol(message):
    """It is malformed, whatever exactly is wrong with it."""
    with pytest.raises(MalformedMessage):
        ops.read(message)
