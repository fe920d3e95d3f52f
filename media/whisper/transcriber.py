"""The transcriber: one per bot, for all speakers of all Spaces.

Rule 1: ``submit`` never blocks and never raises; sound waits in one bounded queue.
Rule 2: when a worker dies or hangs its jobs are done again, once and one by one; a job
that two workers died over is ``Missed``.
Rule 3: every live or final job is answered once: by its utterance, by nothing (no
voice was in it) or by ``Missed``.
Rule 4: what the smaller model failed over is done again by the live one, and a smaller
model that fails at every job is used no more; the status says so.
Rule 5: a Space that fails over a line costs no other its own.
Rule 6: without a working model everything else goes on: the mode is
``TALK_TIME_ONLY`` and one line says why.

All methods run on the event loop; recognition runs in the worker process.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from media.utterance import Grade
from media.whisper.backlog import RIPE_AGE_S, Backlog, Ticket
from media.whisper.calls import Answer, Calls, rows
from media.whisper.jobs import Missed, MissedReason, SpurtAudio
from media.whisper.listeners import Listeners, OnMissed, OnUtterance
from media.whisper.means import Means
from media.whisper.models import ModelError, locate_all
from media.whisper.process import Process, WorkerProcess
from media.whisper.settings import SpeechSettings
from media.whisper.status import Mode, Reason, TranscriberStatus
from media.whisper.supervisor import Supervisor

log = logging.getLogger(__name__)

TICK_S = 1.0
MAX_DEATHS = 2
DIES_AFTER = 4
SILENT = frozenset({Reason.NO_MODEL, Reason.SWITCHED_OFF})


class Transcriber:
    """Sound in, utterances out, over one worker process."""

    def __init__(
        self,
        settings: SpeechSettings,
        *,
        new_process: Callable[[], Process] = WorkerProcess,
    ) -> None:
        self._settings = settings
        self._new_process = new_process
        self._backlog = Backlog(
            window_s=settings.window_s,
            fresh_s=settings.fresh_s,
            max_s=settings.max_queued_s,
        )
        self._calls = Calls(settings.window_s)
        self._means = Means(settings)
        self._listeners = Listeners()
        self._drains: list[tuple[int, asyncio.Future[None]]] = []
        self._ticker: asyncio.Task[None] | None = None
        self._worker: Supervisor | None = None
        self._reason, self._detail = Reason.LOADING, ""
        self._counts: Counter[str] = Counter()
        self._withheld: Counter[str] = Counter()

    async def start(self) -> None:
        """Look the models up and start the worker; loading goes on behind."""
        if not self._settings.model:
            self._give_up(Reason.SWITCHED_OFF, "no speech model is configured")
            return
        try:
            models = await asyncio.to_thread(locate_all, self._settings)
        except ModelError as error:
            self._give_up(Reason.NO_MODEL, str(error))
            return
        self._means.models = models
        self._worker = Supervisor(self._settings, models.live, self, self._new_process)
        self._ticker = asyncio.create_task(self._ticks(), name="whisper-ticks")
        await self._worker.start()

    async def stop(self) -> None:
        """End the worker; what still waits is ``Missed``."""
        if self._ticker is not None:
            self._ticker.cancel()
            await asyncio.gather(self._ticker, return_exceptions=True)
        if self._worker is not None:
            await self._worker.stop()
        self._reason = Reason.SWITCHED_OFF
        self._miss_all(MissedReason.STOPPED)

    def subscribe(
        self, space_id: int, on_utterance: OnUtterance, on_missed: OnMissed
    ) -> None:
        """Send what is heard in a Space to these callbacks, on the event loop."""
        self._listeners.add(space_id, on_utterance, on_missed)

    def unsubscribe(
        self, space_id: int, why: MissedReason = MissedReason.TOO_LATE
    ) -> None:
        """Forget a Space; what is not answered yet is ``Missed``."""
        for ticket in self._unanswered():
            if ticket.job.space_id == space_id:
                self._miss(ticket.job, why)
        self._listeners.remove(space_id)
        self._backlog.remove(space_id)
        self._release_drains()

    def submit(self, job: SpurtAudio) -> None:
        """Queue a spurt. Without a model it is ``Missed`` at once."""
        if not job.pcm:
            return
        if job.grade is Grade.PARTIAL and not self._makes_partials():
            self._backlog.partials_dropped += 1
        elif self._reason in SILENT:
            self._miss(job, MissedReason.NO_MODEL)
        else:
            for ticket in self._backlog.add(job, _now()):
                self._miss(ticket.job, MissedReason.QUEUE_FULL)
            self._pump()

    async def drain(self, space_id: int) -> None:
        """Wait until every job of the Space is answered; bound it with a timeout."""
        if all(ticket.job.space_id != space_id for ticket in self._unanswered()):
            return
        answered = asyncio.get_running_loop().create_future()
        self._drains.append((space_id, answered))
        self._pump()
        await answered

    def status(self, space_id: int | None = None) -> TranscriberStatus:
        """Look at the recogniser; with ``space_id`` the queue is that Space's."""
        tickets = self._unanswered()
        if space_id is not None:
            tickets = [t for t in tickets if t.job.space_id == space_id]
        mode, reason = self._means.mode, self._reason
        if reason in SILENT or reason is Reason.WORKER_DIES:
            mode = Mode.TALK_TIME_ONLY
        elif reason is Reason.NONE and mode is not Mode.FULL:
            reason = Reason.TOO_SLOW
        return TranscriberStatus(
            mode=mode,
            reason=reason,
            detail=self._detail or self._means.without_smaller,
            smaller_fails=bool(self._means.without_smaller),
            lag_s=_lag(tickets),
            queued=len(tickets),
            queued_s=sum(ticket.job.seconds for ticket in tickets),
            done=self._counts["done"],
            missed=self._counts["missed"],
            partials_dropped=self._backlog.partials_dropped,
            restarts=self._counts["restarts"],
            withheld=dict(self._withheld),
        )

    def observe(self) -> None:
        """Look at the lag, at hung calls and hung loading; called every second."""
        now = _now()
        self._means.observe(self._pressure(now), now)
        if self._worker:
            self._worker.observe(now)
        if self._worker and self._calls.age(now) > self._settings.hang_s:
            log.warning("the speech worker hangs: it is started again")
            self._worker.kill()
        self._pump()

    def on_ready(self) -> None:
        """Send what waits: the worker has its model."""
        self._reason, self._detail = Reason.NONE, ""
        self._pump()

    def on_lost(self, code: int, streak: int) -> None:
        """Take the jobs back: the worker is gone."""
        in_hand = self._calls.in_hand()
        log.warning("the speech worker ended (%s) over %s jobs", code, len(in_hand))
        self._counts["restarts"] += 1
        self._reason = Reason.LOADING
        if streak >= DIES_AFTER:
            self._reason = Reason.WORKER_DIES
            self._detail = f"the recognition process ended {streak} times ({code})"
        self._means.lost(f"the recognition process ended ({code})", _now())
        self._again(self._calls.abandon(), in_hand)

    def on_failed(self, error: str) -> None:
        """Give up: the model cannot be loaded."""
        self._give_up(
            Reason.NO_MODEL, f"speech model {self._means.models.live}: {error}"
        )

    def on_message(self, message: Mapping[str, Any]) -> None:
        """Take the worker's words, or its refusal, of one call."""
        if message["kind"] == "refused":
            log.warning("the speech worker refused a call: %s", message["error"])
            self._means.refused(message["call"], message["error"], _now())
            tickets = self._calls.refuse(message["call"])
            self._again(tickets, {ticket.number for ticket in tickets})
            return
        self._means.answered(message["call"])
        for window in message["windows"]:
            self._withheld.update(window["withheld"])
        for answer in self._calls.answer(message["call"], rows(message)):
            self._counts["done"] += 1
            self._tell(answer)
        self._release_drains()
        self._pump()

    async def _ticks(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.observe()

    def _pump(self) -> None:
        """Send calls while the worker has a free hand."""
        if self._reason is not Reason.NONE or self._worker is None:
            return
        now, batch = _now(), self._settings.batch_windows
        patient = self._means.mode is Mode.FINAL_ONLY and not self._drains
        while self._calls.under_way < self._settings.workers:
            while self._calls.ready < batch:
                tickets = self._backlog.take(now, patient=patient)
                if not tickets:
                    break
                self._calls.add(tickets)
            call = None if self._calls.must_wait else self._calls.next(batch, now)
            if call is None:
                return
            model, beam = self._means.choose(call)
            self._worker.send(call.header(str(model), beam), call.payload)

    def _again(self, tickets: Iterable[Ticket], blamed: set[int]) -> None:
        """Queue jobs again, unless they failed a worker twice."""
        for ticket in tickets:
            guilty = ticket.number in blamed
            if guilty and ticket.deaths + 1 >= MAX_DEATHS:
                self._miss(ticket.job, MissedReason.WORKER_DIED)
            else:
                self._backlog.put_back(ticket, blame=guilty)
        self._release_drains()
        self._pump()

    def _tell(self, answer: Answer) -> None:
        job = answer.ticket.job
        if not answer.words:
            return
        if self._backlog.is_stale(answer.ticket):
            self._backlog.partials_dropped += 1
            return
        if job.grade is Grade.PARTIAL:
            self._backlog.told(answer.ticket)
        self._listeners.tell(job.space_id, answer.utterance())

    def _miss(self, job: SpurtAudio, reason: MissedReason) -> None:
        if job.grade is Grade.PARTIAL:
            return
        self._counts["missed"] += 1
        self._listeners.miss(
            Missed(job.space_id, job.user_id, job.start, job.end, reason)
        )

    def _miss_all(self, reason: MissedReason) -> None:
        waiting = [*self._calls.abandon(), *self._backlog.clear()]
        for ticket in waiting:
            self._miss(ticket.job, reason)
        self._release_drains()

    def _give_up(self, reason: Reason, detail: str) -> None:
        self._reason, self._detail = reason, detail
        log.warning("no transcription: %s", detail)
        self._miss_all(MissedReason.NO_MODEL)

    def _pressure(self, now: float) -> float:
        """Return the lag that is the machine's, and not one of our own choice.

        While windows are let fill, what waits for that says nothing about the machine,
        nor does what is left of it when lines come at once again.
        """
        live = [t for t in self._unanswered() if t.job.grade is Grade.LIVE]
        if self._means.mode is Mode.FINAL_ONLY:
            ripe = (now - ticket.since - RIPE_AGE_S for ticket in live)
            return max(0.0, self._calls.age(now), *ripe)
        return _lag(t for t in live if t.since >= self._means.since)

    def _makes_partials(self) -> bool:
        return self._reason is Reason.NONE and self._means.mode is Mode.FULL

    def _unanswered(self) -> list[Ticket]:
        return [*self._backlog.tickets(), *self._calls.tickets()]

    def _release_drains(self) -> None:
        busy = {ticket.job.space_id for ticket in self._unanswered()}
        for space_id, answered in self._drains:
            if space_id not in busy and not answered.done():
                answered.set_result(None)
        self._drains = [drain for drain in self._drains if not drain[1].done()]


def _lag(tickets: Iterable[Ticket]) -> float:
    live = [ticket.since for ticket in tickets if ticket.job.grade is Grade.LIVE]
    return _now() - min(live) if live else 0.0


def _now() -> float:
    return asyncio.get_running_loop().time()
