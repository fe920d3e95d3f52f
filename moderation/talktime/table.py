"""Talk time as the table that people and programs are given.

``table`` is the short form: ``{"speakers": [{"speaker", "seconds", "share", "turns",
"longest_turn"}]}``, who talked most first. ``detailed`` has more of each speaker and of
the room, each figure with the intervals behind it, and who listened: present and not
deafened. Seconds of the Space to the
millisecond, shares 0 to 1; an interval is a pair of start and end.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from media.intervals import Interval, seconds
from moderation.talktime.figures import Interruption, SpeakerFigures, TalkFigures


def table(figures: TalkFigures, names: Mapping[int, str]) -> dict[str, Any]:
    """Return the table; named members who said nothing are in it with nothing."""
    rows = [_row(speaker, names) for speaker in figures.speakers]
    heard = {speaker.user_id for speaker in figures.speakers}
    silent = [name for user_id, name in names.items() if user_id not in heard]
    nothing = {"seconds": 0.0, "share": 0.0, "turns": 0, "longest_turn": 0.0}
    return {"speakers": rows + [{"speaker": name, **nothing} for name in silent]}


def detailed(figures: TalkFigures, names: Mapping[int, str]) -> dict[str, Any]:
    """Return the table of who talked, with everything that is counted of them."""
    broken = [one for speaker in figures.speakers for one in speaker.interruptions]
    return {
        "speakers": [
            {**_row(speaker, names), **_more(speaker)} for speaker in figures.speakers
        ],
        "until": round(figures.until, 3),
        "double_talk": _times(figures.double_talk),
        "mutual_silence": _times(figures.mutual_silence),
        "interruptions": [
            _interruption(one, names)
            for one in sorted(broken, key=lambda one: one.start)
        ],
        "by_role": {role.value: round(s, 3) for role, s in figures.by_role.items()},
        "listening": [
            {"member": _name(user_id, names), **_times(times)}
            for user_id, times in sorted(
                figures.listening.items(), key=lambda one: (-seconds(one[1]), one[0])
            )
        ],
    }


def _row(speaker: SpeakerFigures, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "speaker": _name(speaker.user_id, names),
        "seconds": round(speaker.seconds, 3),
        "share": round(speaker.share, 4),
        "turns": len(speaker.turns),
        "longest_turn": round(speaker.longest_turn_s, 3),
    }


def _more(speaker: SpeakerFigures) -> dict[str, Any]:
    return {
        "interruptions": len(speaker.interruptions),
        "interrupted": len(speaker.interrupted),
        "double_talk": round(seconds(speaker.double_talk), 3),
        "by_role": {
            role.value: round(seconds(times), 3)
            for role, times in speaker.by_role.items()
        },
        "talk_at": _pairs(speaker.talk),
        "turns_at": _pairs(speaker.turns),
        "double_talk_at": _pairs(speaker.double_talk),
        "by_role_at": {
            role.value: _pairs(times) for role, times in speaker.by_role.items()
        },
    }


def _interruption(one: Interruption, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "speaker": _name(one.user_id, names),
        "interrupted": _name(one.interrupted, names),
        "at": [round(one.start, 3), round(one.end, 3)],
    }


def _times(times: Iterable[Interval]) -> dict[str, Any]:
    pairs = tuple(times)
    return {"seconds": round(seconds(pairs), 3), "at": _pairs(pairs)}


def _pairs(times: Iterable[Interval]) -> list[list[float]]:
    return [[round(start, 3), round(end, 3)] for start, end in times]


def _name(user_id: int, names: Mapping[int, str]) -> str:
    return names.get(user_id, str(user_id))
