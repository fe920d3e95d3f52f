"""A worker with a script, behind the same port as the real one."""

import asyncio


class FakeProcess:
    """Answers each call as the test says, when the test says so."""

    def __init__(self):
        self.started = 0
        self.restarted = asyncio.Event()
        self.sent = []
        self.killed = 0
        self.stopped = False
        self.refusals = 0
        """How often no process can be started from now on."""

    async def start(self, on_message, on_exit):
        """Note the start and remember whom to tell."""
        if self.refusals:
            self.refusals -= 1
            raise OSError("Cannot allocate memory")
        self.started += 1
        if self.started > 1:
            self.restarted.set()
        self.sent = []
        self._on_message = on_message
        self._on_exit = on_exit

    def send(self, header, payload=b""):
        """Keep the message for the test to read."""
        self.sent.append((header, payload))

    def kill(self):
        """End at once, as the real one does."""
        self.killed += 1
        self._on_exit(-9)

    async def stop(self):
        """Note that it was told to end."""
        self.stopped = True

    @property
    def calls(self):
        """The calls it was given, without the greeting."""
        return [header for header, _ in self.sent if "call" in header]

    def ready(self):
        """Say that the model is loaded."""
        self._on_message({"kind": "ready"})

    def fail(self, error):
        """Say that the model cannot be loaded, and end."""
        self._on_message({"kind": "failed", "error": error})
        self._on_exit(1)

    def die(self):
        """End as a crash does."""
        self._on_exit(-11)

    def refuse(self, call):
        """Report an error over one call."""
        self._on_message({"kind": "refused", "call": call["call"], "error": "OSError"})

    def answer(self, call, text="Hello.", **withheld):
        """Say ``text`` in every piece of every window; "" says nothing."""
        windows = [
            {
                "sentences": [
                    {
                        "start": at,
                        "end": at + 0.3,
                        "words": [[text, at + 0.1, at + 0.2, 0.9]],
                    }
                    for at, _ in window["pieces"]
                    if text
                ],
                "language": call["language"],
                "withheld": withheld,
            }
            for window in call["windows"]
        ]
        self._on_message({"kind": "words", "call": call["call"], "windows": windows})
