"""The bot's end of the recognition process, with programs that are none."""

import asyncio
import logging

import pytest

from media.whisper import process
from media.whisper.frames import packed
from media.whisper.process import WorkerProcess


def served(monkeypatch, tmp_path, output, on_message):
    """Read ``output`` from a program that then waits; return how often it ended."""
    (tmp_path / "output").write_bytes(output)
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ncat '{tmp_path / 'output'}'\nexec cat >/dev/null\n")
    program.chmod(0o755)
    monkeypatch.setattr(process.sys, "executable", str(program))

    async def scenario():
        ended = asyncio.Event()
        codes = []

        def on_exit(code):
            codes.append(code)
            ended.set()

        worker = WorkerProcess()
        await worker.start(on_message, on_exit)
        await asyncio.wait_for(ended.wait(), 30)
        await worker.stop()
        return codes

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    "output",
    [packed({"kind": "words"}), b"\0\0\0\4\0\0\0\0{{{{", b"\0\0\0\2\0\0\0\0\xff\xfe"],
    ids=["incomplete", "no JSON", "no text"],
)
def test_a_worker_that_sends_nonsense_is_ended(monkeypatch, tmp_path, caplog, output):
    """Its owner hears of the end, once, and starts another; it is not read on."""
    with caplog.at_level(logging.WARNING):
        codes = served(monkeypatch, tmp_path, output, lambda message: message["call"])

    assert codes == [-9]
    assert "nonsense" in caplog.text


def test_messages_come_in_order(monkeypatch, tmp_path):
    """And the end after them."""
    messages = []

    def take(message):
        messages.append(message["call"])
        if len(messages) == 2:
            raise ValueError("enough")

    served(monkeypatch, tmp_path, packed({"call": 1}) + packed({"call": 2}), take)

    assert messages == [1, 2]
