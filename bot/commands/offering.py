"""What the commands offer while somebody types: autocomplete.

An offer is a courtesy: where there is no Space, or nothing to offer, there are no
choices, and the command itself says why.
"""

from collections.abc import Mapping
from typing import TypeVar

from discord import app_commands

from bot.door import Door
from bot.refusals import Impossible
from bot.replies import AnyInteraction, language
from bot.rooms.room import Room
from bot.texts.escape import plain
from moderation.cases import UNDOABLE, Case

MOST = 25
"""Choices of one answer (Discord, "Autocomplete")."""

LONGEST = 100
"""Characters of a choice's name."""

Value = TypeVar("Value", str, int)


def choices(
    offers: Mapping[str, Value], typed: str
) -> list[app_commands.Choice[Value]]:
    """Return the offers, by the name that is shown, that hold what was typed."""
    wanted = typed.casefold().strip()
    found = [
        app_commands.Choice(name=plain(name, LONGEST), value=value)
        for name, value in offers.items()
        if wanted in name.casefold()
    ]
    return found[:MOST]


def undoable(
    door: Door, interaction: AnyInteraction, typed: str
) -> list[app_commands.Choice[int]]:
    """Offer the cases of the Space that can be undone, newest first, to its staff."""
    room = _room(door, interaction)
    if room is None or interaction.user.id not in room.staff():
        return []
    reader, names = language(interaction), room.observe().names

    def shown(case: Case) -> str:
        action = door.wording.say(reader, f"action.{case.action.value}")
        name = names.get(case.user_id, str(case.user_id))
        return " · ".join(filter(None, (f"#{case.number}", action, name, case.reason)))

    cases = [
        case
        for case in reversed(room.space.state.cases.cases)
        if case.undone_by is None and case.action in UNDOABLE
    ]
    return choices({shown(case): case.number for case in cases}, typed)


def open_questions(
    door: Door, interaction: AnyInteraction, typed: str
) -> list[app_commands.Choice[int]]:
    """Offer the questions that are not decided; those unseen only to the staff."""
    room = _room(door, interaction)
    if room is None:
        return []
    asked = room.space.state.questions
    staff = interaction.user.id in room.staff()
    known = asked.undecided() if staff else asked.ranked()
    return choices({f"{one.number}. {one.text}": one.number for one in known}, typed)


def _room(door: Door, interaction: AnyInteraction) -> Room | None:
    try:
        return door.room(interaction)
    except Impossible:
        return None
