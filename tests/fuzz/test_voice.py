"""A small helping of what ``python -m tests.fuzz.voice`` throws by the million."""

import asyncio

import pytest

from tests.fuzz.voice import throw_datagrams, throw_messages


@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
def test_hostile_datagrams(dave):
    """No exception, no wrong speaker, nothing unbounded; the good ones are heard."""
    target = throw_datagrams(4000, seed=7, dave=dave)

    assert target.heard > 400


def test_hostile_gateway_messages():
    """No exception, nothing unbounded; what is malformed is counted."""
    target = asyncio.run(throw_messages(1500, seed=7))

    assert target.gateway.circuit.dropped.total() > 0
