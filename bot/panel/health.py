"""What the panel says about the bot's own work in a room, as lines of text. Pure.

What is kept and of how many, what the bot cannot do at the moment, and how speech
recognition keeps up.
"""

from bot.rooms.observation import RoomView
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from media.consent import Consent
from media.whisper.status import Mode, Reason
from moderation.view import Keeping

LAG_STEP_S = 5.0
"""Steps in which a lag is shown, so that the panel does not change all the time."""


def recording_lines(words: Wording, language: Language, view: RoomView) -> str:
    """Say what is recorded and transcribed, and how many allow it."""
    space = view.space
    state = "paused" if space.recording is Keeping.PAUSED else space.recording.value
    lines = [
        words.say(language, f"panel.recording_{state}"),
        words.say(
            language,
            "panel.transcript_on" if space.transcript else "panel.transcript_off",
        ),
    ]
    if space.unrecorded:
        who = " ".join(map(str, space.unrecorded))
        lines.insert(1, words.say(language, "panel.unrecorded", {"who_ids": who}))
    if space.captions:
        at = view.captions_thread
        key = "panel.captions_on" if at is None else "panel.captions_on_thread"
        lines.append(words.say(language, key, {"history_channel": at}))
    if space.recording is not Keeping.OFF or space.transcript:
        agreed = {
            "audio": space.consents.get(Consent.AUDIO, 0),
            "transcript": space.consents.get(Consent.TRANSCRIPT, 0),
            "nothing": space.consents.get(Consent.NOTHING, 0),
        }
        lines.append(words.say(language, "panel.consents", agreed))
    return "\n".join(lines)


def health_lines(words: Wording, language: Language, view: RoomView) -> str:
    """Say what the bot cannot do at the moment; empty when all is well."""
    lines = _trouble_lines(words, language, view)
    if not view.hearing:
        lines.append(words.say(language, "panel.deaf"))
    lines += [
        words.say(language, "panel.unheard", {"user_id": user_id})
        for user_id in view.unheard
    ]
    if view.transcriber is not None and view.transcriber.mode is not Mode.FULL:
        mode = view.transcriber.mode.name.lower()
        lines.append(words.say(language, f"panel.speech_{mode}"))
    return "\n".join(lines)


def _trouble_lines(words: Wording, language: Language, view: RoomView) -> list[str]:
    trouble = view.trouble
    lacking = [
        words.say(language, "panel.lacking", {"permission_key": f"permission.{name}"})
        for name in trouble.lacking
    ]
    about = [
        words.say(language, f"panel.{key}", {"user_id": user_id})
        for key, users in (
            ("unreachable", trouble.unreachable),
            ("foreign", trouble.foreign),
        )
        for user_id in users
    ]
    return [*lacking, *about]


def speech_lines(words: Wording, language: Language, view: RoomView) -> str:
    """Tell the hosts how recognition keeps up, whatever its state."""
    status = view.transcriber
    if status is None:
        return ""
    lines = []
    if status.reason is Reason.LOADING:
        lines.append(words.say(language, "speech.starting"))
    elif status.mode is not Mode.FULL:
        params: Params = {
            "reason_key": f"speech.reason_{status.reason.name.lower()}",
            "lag_s": status.lag_s,
        }
        lines.append(words.say(language, f"speech.{status.mode.name.lower()}", params))
    elif status.lag_s >= LAG_STEP_S:
        late = LAG_STEP_S * (status.lag_s // LAG_STEP_S)
        lines.append(words.say(language, "speech.lag", {"lag_s": late}))
    else:
        lines.append(words.say(language, "speech.live"))
    if status.smaller_fails:
        lines.append(words.say(language, "speech.without_smaller"))
    if view.missed_s >= 1.0:
        unsaid = {"missed_s": view.missed_s}
        lines.append(words.say(language, "speech.missed", unsaid))
    return "\n".join(lines)
