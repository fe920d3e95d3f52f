"""Consent, recording and transcript."""

from media.consent import Consent
from moderation.effects import (
    Announce,
    AskConsent,
    Effect,
    Params,
    PauseRecording,
    SetConsent,
    StartRecording,
    StartTranscript,
    StopCaptions,
    StopRecording,
    StopTranscript,
    TellHosts,
    UpdatePanel,
)
from moderation.events import (
    ConsentGiven,
    ConsentWithdrawn,
    RecordingFailed,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
    TrackFailed,
    TranscriptStarted,
    TranscriptStopped,
)
from moderation.refused import Refused
from moderation.space.seating import answer, explain
from moderation.space.state import State, Takes
from moderation.view import Keeping, Phase


def consent_given(state: State, event: ConsentGiven, now: float) -> list[Effect]:
    """Note a member's answer and act on it at once."""
    state.consents.answer(event.user_id, event.level)
    level_key = f"consent.{event.level.name.lower()}"
    return [
        SetConsent(event.user_id, event.level),
        answer(event.user_id, "consent.noted", level_key=level_key),
        UpdatePanel(),
    ]


def consent_withdrawn(
    state: State, event: ConsentWithdrawn, now: float
) -> list[Effect]:
    """Decode nothing more of a member's voice."""
    state.consents.answer(event.user_id, Consent.NOTHING)
    return [
        SetConsent(event.user_id, Consent.NOTHING),
        answer(event.user_id, "consent.withdrawn"),
        UpdatePanel(),
    ]


def recording_started(
    state: State, event: RecordingStarted, now: float
) -> list[Effect]:
    """Turn recording on and show it; ask who has not answered yet."""
    if state.consents.recording is not Keeping.OFF:
        raise Refused("recording.already_on")
    state.consents.record(Keeping.ON)
    running: list[Effect] = [StartRecording()] if state.phase is Phase.LIVE else []
    return [*running, *_shown(state, "recording.on", event.by), *_asked(state)]


def recording_paused(state: State, event: RecordingPaused, now: float) -> list[Effect]:
    """Stop writing for now."""
    if state.consents.recording is not Keeping.ON:
        raise Refused("recording.not_on")
    state.consents.record(Keeping.PAUSED)
    return [PauseRecording(), *_shown(state, "recording.paused", event.by)]


def recording_resumed(
    state: State, event: RecordingResumed, now: float
) -> list[Effect]:
    """Write again."""
    if state.consents.recording is not Keeping.PAUSED:
        raise Refused("recording.not_paused")
    state.consents.record(Keeping.ON)
    running: list[Effect] = [StartRecording()] if state.phase is Phase.LIVE else []
    return [*running, *_shown(state, "recording.resumed", event.by)]


def recording_stopped(
    state: State, event: RecordingStopped, now: float
) -> list[Effect]:
    """Turn recording off."""
    if state.consents.recording is Keeping.OFF:
        raise Refused("recording.not_on")
    state.consents.record(Keeping.OFF)
    return [StopRecording(), *_shown(state, "recording.off", event.by)]


def recording_failed(state: State, event: RecordingFailed, now: float) -> list[Effect]:
    """Say that recording stopped because of a fault."""
    if state.consents.recording is Keeping.OFF:
        return []
    state.consents.record(Keeping.OFF)
    params = {"reason_key": event.reason_key}
    return [
        explain(state, "recording.failed", reason_key=event.reason_key),
        TellHosts("recording.failed_hosts", params=params, urgent=True),
        Announce("room.recording.failed", params=params),
        StopRecording(),
        UpdatePanel(),
    ]


def track_failed(state: State, event: TrackFailed, now: float) -> list[Effect]:
    """Say whose track stopped because of a fault; who is recorded otherwise, stays so.

    Where recording is off by now, it is what was recorded that lacks something: that
    is for the hosts.
    """
    user_id, reason_key = event.user_id, f"recording.{event.trouble.value}"
    params: Params = {"user_id": user_id, "reason_key": reason_key}
    if state.consents.recording is Keeping.OFF:
        return [TellHosts("recording.track_lacks", params=params)]
    state.consents.unrecorded.add(user_id)
    return [
        explain(state, "recording.track_failed", user_id, reason_key=reason_key),
        TellHosts("recording.track_failed_hosts", params=params, urgent=True),
        Announce("room.recording.track_failed", params=params),
        UpdatePanel(),
    ]


def transcript_started(
    state: State, event: TranscriptStarted, now: float
) -> list[Effect]:
    """Turn the transcript on and show it."""
    if state.consents.transcript:
        raise Refused("transcript.already_on")
    state.consents.transcript = True
    shown = _shown(state, "transcript.on", event.by)
    return [StartTranscript(), *shown, *_asked(state)]


def transcript_stopped(
    state: State, event: TranscriptStopped, now: float
) -> list[Effect]:
    """Turn the transcript off."""
    if not state.consents.transcript:
        raise Refused("transcript.not_on")
    state.consents.transcript = False
    captions: list[Effect] = [StopCaptions()] if state.consents.captions else []
    state.consents.captions = False
    return [*captions, StopTranscript(), *_shown(state, "transcript.off", event.by)]


def _shown(state: State, key: str, by: int) -> list[Effect]:
    return [
        explain(state, key, by=by),
        Announce(f"room.{key}"),
        UpdatePanel(),
    ]


def _asked(state: State) -> list[Effect]:
    present = [member.user_id for member in state.people.present()]
    asked = state.consents.unanswered(present)
    return [AskConsent(asked)] if asked else []


TAKES: Takes = {
    ConsentGiven: consent_given,
    ConsentWithdrawn: consent_withdrawn,
    RecordingStarted: recording_started,
    RecordingPaused: recording_paused,
    RecordingResumed: recording_resumed,
    RecordingStopped: recording_stopped,
    RecordingFailed: recording_failed,
    TrackFailed: track_failed,
    TranscriptStarted: transcript_started,
    TranscriptStopped: transcript_stopped,
}
