"""Talk figures of a live Space as lines: everybody's, and the room's."""

from collections.abc import Iterator, Mapping

from bot.texts.language import Language
from bot.texts.markup import Markup
from bot.texts.wording import Wording
from media.intervals import seconds
from moderation.roles import Role
from moderation.talktime.figures import SpeakerFigures, TalkFigures

SHOWN = 12
"""Speakers that have a line; who talked most is first."""


def figure_lines(
    words: Wording, language: Language, talk: TalkFigures, *, live: bool = True
) -> str:
    """Say who talked how much and how, and what the room is or was like."""
    if not talk.speakers:
        return words.say(language, "time.nobody")
    lines = [_speaker(words, language, one) for one in talk.speakers[:SHOWN]]
    if len(talk.speakers) > SHOWN:
        more = {"n": len(talk.speakers) - SHOWN}
        lines.append(words.say(language, "talk.more", more))
    room = {
        "together_s": seconds(talk.double_talk),
        "silence_s": seconds(talk.mutual_silence),
    }
    lines += ["", words.say(language, "talk.room", room)]
    if len(talk.by_role) > 1:
        said = _roles(words, language, talk.by_role)
        lines.append(words.say(language, "talk.everybody", {"roles": Markup(said)}))
    if live and talk.listening:
        n = sum(at[-1][1] >= talk.until for at in talk.listening.values())
        lines.append(words.say(language, "talk.listening", {"n": n}))
    return "\n".join(lines)


def _speaker(words: Wording, language: Language, one: SpeakerFigures) -> str:
    head = {
        "user_id": one.user_id,
        "talk_s": one.seconds,
        "percent": round(100 * one.share),
    }
    parts = [words.say(language, "time.one", head)]
    if one.turns:
        turns = {"n": len(one.turns), "longest_s": one.longest_turn_s}
        parts.append(words.say(language, "talk.turns", turns))
    parts += _broken(words, language, one)
    if len(one.by_role) > 1:
        said = {role: seconds(times) for role, times in one.by_role.items()}
        parts.append(_roles(words, language, said))
    return " · ".join(parts)


def _broken(words: Wording, language: Language, one: SpeakerFigures) -> Iterator[str]:
    """Say how often somebody cut others short, and was cut short."""
    if one.interruptions:
        n = len(one.interruptions)
        yield words.say(language, "talk.interrupted_others", {"n": n})
    if one.interrupted:
        n = len(one.interrupted)
        yield words.say(language, "talk.was_interrupted", {"n": n})


def _roles(words: Wording, language: Language, talked: Mapping[Role, float]) -> str:
    """Say in which role how much was said, highest role first."""
    said = [
        words.say(language, f"talk.as.{role.value}", {"talk_s": talked[role]})
        for role in Role
        if role in talked
    ]
    return ", ".join(said)
