"""The recognition process: ``python -m media.whisper.worker``.

Rule 1: it is a process of its own at low priority (nice 10), so that the voice
thread and the event loop never wait for a model.
Rule 2: it ends when its standard input ends: a bot that dies leaves no orphan.
Rule 3: it logs nothing of what it hears; standard output carries only messages.
"""

import logging
import os
import queue
import sys
import threading
from dataclasses import astuple
from pathlib import Path
from typing import IO, Any

import numpy as np

from media.whisper.frames import Header, packed, read
from media.whisper.model import Task
from media.whisper.recognizer import Recognised, Recognizer
from media.whisper.settings import SpeechSettings

NICE = 10
KEPT_MODELS = 2

Message = tuple[dict[str, Any], bytes]


class Worker:
    """Reads windows, recognises them on a few threads, writes words."""

    def __init__(self, inlet: IO[bytes], outlet: IO[bytes]) -> None:
        self._inlet = inlet
        self._outlet = outlet
        self._writing = threading.Lock()
        self._loading = threading.Lock()
        self._models: dict[str, Recognizer] = {}
        self._inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._settings = SpeechSettings()

    def run(self) -> int:
        """Serve until the input ends; return the exit code."""
        greeting = read(self._inlet)
        if greeting is None:
            return 0
        self._settings = SpeechSettings(**greeting[0]["settings"])
        try:
            self._recognizer(greeting[0]["model"])
        except Exception as error:  # noqa: BLE001 (tokenizers raises bare ones)
            self._write({"kind": "failed", "error": _one_line(error)})
            return 1
        self._write({"kind": "ready"})
        threads = [
            threading.Thread(target=self._serve, daemon=True)
            for _ in range(self._settings.workers)
        ]
        for thread in threads:
            thread.start()
        while (message := read(self._inlet)) is not None:
            self._inbox.put(message)
        return 0

    def _serve(self) -> None:
        while (message := self._inbox.get()) is not None:
            header, sound = message
            try:
                results = self._recognised(header, sound)
            except Exception as error:  # noqa: BLE001 (the thread has to go on)
                # The message of an error could quote text: only its type goes back.
                self._write(
                    {"kind": "refused", "call": header["call"], "error": _name(error)}
                )
            else:
                rows = [_row(result) for result in results]
                self._write({"kind": "words", "call": header["call"], "windows": rows})

    def _recognised(self, header: Header, sound: bytes) -> list[Recognised]:
        samples = np.frombuffer(sound, "<i2").astype(np.float32) / np.float32(32768)
        tasks = []
        at = 0
        for window in header["windows"]:
            pieces = tuple((float(a), float(s)) for a, s in window["pieces"])
            task = Task(
                samples[at : at + window["samples"]],
                pieces,
                header["language"],
                header["hotwords"],
                header["beam"],
            )
            tasks.append(task)
            at += window["samples"]
        return self._recognizer(header["model"]).recognise(tasks)

    def _recognizer(self, model: str) -> Recognizer:
        with self._loading:
            if model not in self._models:
                if len(self._models) >= KEPT_MODELS:
                    del self._models[next(iter(self._models))]
                self._models[model] = Recognizer(Path(model), self._settings)
            return self._models[model]

    def _write(self, header: Header) -> None:
        with self._writing:
            self._outlet.write(packed(header))
            self._outlet.flush()


def _row(result: Recognised) -> dict[str, Any]:
    return {
        "sentences": [
            {
                "start": sentence.start,
                "end": sentence.end,
                "words": [astuple(word) for word in sentence.words],
            }
            for sentence in result.sentences
        ],
        "language": result.language,
        "withheld": dict(result.withheld),
    }


def _name(error: BaseException) -> str:
    return type(error).__name__


def _one_line(error: BaseException) -> str:
    return f"{_name(error)}: {' '.join(str(error).split())}"[:300]


def main() -> int:
    """Serve on standard input and output."""
    os.nice(NICE)
    # At level INFO and DEBUG faster-whisper logs the text it recognises.
    logging.getLogger("faster_whisper").setLevel(logging.WARNING)
    outlet = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return Worker(sys.stdin.buffer, outlet).run()


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # Recognitions still running on daemon threads must not hold up the exit.
    os._exit(code)
