"""The menus of the panels: a vote; whom to call, the room, somebody. Pure."""

from collections.abc import Iterator

import discord

from bot.panel.facts import ROOM, ROOM_SWITCHES
from bot.panel.selects import SpaceSelect
from bot.rooms.observation import RoomView
from bot.texts.escape import plain
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from moderation.requests import QueueMode
from moderation.view import HandView, SpaceView

CHOICE_LIMIT = 100
"""Characters of a choice and of its description (Discord, "Select Option")."""


def host_menus(
    words: Wording, language: Language, view: RoomView
) -> tuple[SpaceSelect, ...]:
    """Return the menus; nobody can be called where nobody waits."""
    space_id = view.space.space_id
    hands = [_hand(words, language, view, hand) for hand in view.space.queue]
    calling = (
        (SpaceSelect.of("call", space_id, words.say(language, "menu.call"), hands),)
        if hands
        else ()
    )
    room = [
        discord.SelectOption(label=_room_choice(words, language, one), value=one)
        for one in _room_choices(view.space)
    ]
    return (
        *calling,
        SpaceSelect.of("room", space_id, words.say(language, "menu.room"), room),
        SpaceSelect.of_people("person", space_id, words.say(language, "menu.person")),
    )


def _room_choices(space: SpaceView) -> Iterator[str]:
    """Yield what would change something: ``mode.fair``, ``turn.60``, ``lock``."""
    turn_s, slow_s = space.settings.turn_s or 0.0, space.settings.slow_queue_s
    now = {f"mode.{space.queue_mode.value}", f"turn.{turn_s:g}", f"slow.{slow_s:g}"}
    if len(space.settings.sides) < 2:
        now.add(f"mode.{QueueMode.SIDES.value}")
    for name, switch in ROOM_SWITCHES.items():
        now.add(f"{name}.on" if switch.is_on(space) else f"{name}.off")
    yield from (one for one in ROOM if one not in now)


def _room_choice(words: Wording, language: Language, one: str) -> str:
    noun, _, value = one.partition(".")
    if noun in ROOM_SWITCHES:
        return words.say(language, f"room_menu.{noun}_{value}")
    if noun == "mode":
        return words.say(language, "room_menu.mode", {"mode_key": one})
    if value == "0":
        return words.say(language, f"room_menu.{noun}_off")
    params: Params = {"length_s": float(value)}
    return words.say(language, f"room_menu.{noun}", params)


def vote_menu(
    words: Wording, language: Language, view: RoomView
) -> tuple[SpaceSelect, ...]:
    """Return the menu with which everybody votes; none without a question."""
    questions = [
        discord.SelectOption(
            label=plain(f"{one.number}. {one.text}", CHOICE_LIMIT),
            value=str(one.number),
        )
        for one in view.space.questions
    ]
    if not questions:
        return ()
    placeholder = words.say(language, "menu.vote")
    return (SpaceSelect.of("vote", view.space.space_id, placeholder, questions),)


def _hand(
    words: Wording, language: Language, view: RoomView, hand: HandView
) -> discord.SelectOption:
    name = plain(view.names.get(hand.user_id, "…"), 32)
    kind = words.say(language, f"kind.{hand.kind.value}")
    about = " · ".join(filter(None, (kind, plain(hand.note, CHOICE_LIMIT))))
    return discord.SelectOption(
        label=f"{hand.position}. {name}",
        value=str(hand.user_id),
        description=plain(about, CHOICE_LIMIT),
    )
