"""The menus of the panels: a vote; whom to call, the order, somebody. Pure."""

import discord

from bot.observation import RoomView
from bot.panel.selects import SpaceSelect
from bot.texts.escape import plain
from bot.texts.language import Language
from bot.texts.wording import Wording
from moderation.requests import QueueMode
from moderation.view import HandView

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
    modes = [
        discord.SelectOption(
            label=words.say(language, f"mode.{mode.value}"),
            value=mode.value,
            default=mode is view.space.queue_mode,
        )
        for mode in QueueMode
        if mode is not QueueMode.SIDES or len(view.space.settings.sides) > 1
    ]
    return (
        *calling,
        SpaceSelect.of("mode", space_id, words.say(language, "menu.mode"), modes),
        SpaceSelect.of_people("person", space_id, words.say(language, "menu.person")),
    )


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
