"""Captions, and who speaks another language than the Space.

Rule 1: captions are of the transcript: they turn it on, consent round included, and
end with it.
Rule 2: whoever may record may turn captions on and set a speaker's language.
"""

from typing import Final

from moderation.effects import (
    Announce,
    Effect,
    StartCaptions,
    StopCaptions,
    UpdatePanel,
)
from moderation.events import (
    CaptionsStarted,
    CaptionsStopped,
    SpokenLanguageSet,
    TranscriptStarted,
)
from moderation.refused import Refused
from moderation.space.recording import transcript_started
from moderation.space.seating import answer, explain
from moderation.space.state import State, Takes

SPOKEN: Final = frozenset({"en", "es", "ca", "gl", "eu", "pt", "fr", "it", "de"})
"""Languages that somebody can be recognised in, ISO 639-1."""


def captions_started(state: State, event: CaptionsStarted, now: float) -> list[Effect]:
    """Turn captions on, and the transcript that they are made of."""
    if state.consents.captions:
        raise Refused("captions.already_on")
    effects: list[Effect] = []
    if not state.consents.transcript:
        effects += transcript_started(state, TranscriptStarted(event.by), now)
    state.consents.captions = True
    return [
        explain(state, "captions.on", by=event.by),  # first: it is what was asked for
        *effects,
        StartCaptions(event.channel_id),
        Announce("room.captions.on"),
        UpdatePanel(),
    ]


def captions_stopped(state: State, event: CaptionsStopped, now: float) -> list[Effect]:
    """Turn captions off; the transcript goes on."""
    if not state.consents.captions:
        raise Refused("captions.not_on")
    state.consents.captions = False
    return [
        StopCaptions(),
        explain(state, "captions.off", by=event.by),
        Announce("room.captions.off"),
        UpdatePanel(),
    ]


def spoken_language_set(
    state: State, event: SpokenLanguageSet, now: float
) -> list[Effect]:
    """Recognise a member in a language of their own, from their next words on."""
    if not event.language:
        state.languages.pop(event.user_id, None)
        return [answer(event.by, "spoken.as_the_space", user_id=event.user_id)]
    if event.language not in SPOKEN:
        raise Refused("spoken.unknown", code=event.language)
    state.languages[event.user_id] = event.language
    name = f"choices.{event.language}"
    return [answer(event.by, "spoken.set", user_id=event.user_id, language_key=name)]


TAKES: Takes = {
    CaptionsStarted: captions_started,
    CaptionsStopped: captions_stopped,
    SpokenLanguageSet: spoken_language_set,
}
