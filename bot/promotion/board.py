"""The board: who comes, who does not, and who is silent, as one message.

Whoever is going to speak is always on it. Those who are not are counted where the
message has no room for them all: a board that is too long would stay as it was.
"""

from collections.abc import Collection
from typing import Final

from bot.promotion.gathered import Gathered
from bot.replies import LIMIT
from bot.texts.escape import plain
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from scheduler.guests import guest as rules
from scheduler.guests.guest import Guest, Slot, speaks_at
from scheduler.plans import Plan

ITEM: Final = 30
"""Characters of an agenda item beside a guest's name."""


def board(
    words: Wording, reader: Language, gathered: Gathered, unreached: Collection[int]
) -> str:
    """Word the guests of a plan; ``unreached`` are those who could not be asked."""
    plan, guests = gathered.plan, gathered.guests
    coming = sum(one.state not in rules.GONE for one in guests)
    head: Params = {
        "topic": plan.topic,
        "starts_at": plan.starts_at,
        "confirmed": len(rules.confirmed(plan, guests)),
        "n": coming,
    }
    lines = [words.say(reader, "guest.board.head", head)]
    if not guests:
        return "\n".join([*lines, words.say(reader, "guest.board.nobody")])
    kept = list(guests)
    while True:
        shown = [_line(words, reader, plan, one, unreached) for one in kept]
        left = len(guests) - len(kept)
        if left:
            shown.append(words.say(reader, "guest.board.more", {"n": left}))
        text = "\n".join([*lines, *shown])
        gone = next((one for one in kept if one.state in rules.GONE), None)
        if len(text) <= LIMIT or gone is None:
            return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"
        kept.remove(gone)


def _line(
    words: Wording,
    reader: Language,
    plan: Plan,
    guest: Guest,
    unreached: Collection[int],
) -> str:
    state = rules.standing(plan, guest).value
    if guest.replaced_by is not None:
        state = "replaced"
    elif state == "invited" and guest.user_id in unreached:
        state = "unreached"
    params: Params = {
        "user_id": guest.user_id,
        "other_id": guest.replaced_by,
        "invited_at": guest.invited_at,
    }
    said = words.say(reader, f"guest.board.{state}", params)
    # Whoever speaks in their place has the slot now.
    slot = "" if guest.replaced_by else _slot(words, reader, plan, guest.slot)
    return f"{said} · {slot}" if slot else said


def _slot(words: Wording, reader: Language, plan: Plan, slot: Slot) -> str:
    if slot.kind == "minute":
        at: Params = {"at": speaks_at(plan, slot), "n": slot.value}
        return words.say(reader, "guest.board.minute", at)
    if slot.kind == "item" and slot.value <= len(plan.agenda):
        item = plain(str(plan.agenda[slot.value - 1]), ITEM)
        return words.say(reader, "guest.board.item", {"n": slot.value, "item": item})
    return ""
