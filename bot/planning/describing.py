"""What a native event says below its name: who hosts, the agenda, and our mark.

It follows the agenda for as long as nobody has written anything else there.
"""

from typing import Final

from bot.planning.mirror import Seen, Status
from bot.texts.language import language_of
from bot.texts.wording import Wording
from scheduler.plans import Plan

DESCRIPTION_LENGTH: Final = 1000
"""Characters of a description."""


ITEM: Final = "• "
"""What a line of the agenda begins with."""


def description(words: Wording, plan: Plan, mark: str, seen: Seen | None = None) -> str:
    """Return the description; ``mark`` is its last line, however long the rest.

    What somebody wrote below the name of ``seen``, which is the event as it is, stays.
    """
    if seen is not None and not _is_ours(words, plan, seen, mark):
        return seen.description
    last = f"\n\n{mark}"
    text = _hosted(words, plan)
    more = f"\n{ITEM}…"
    for item in plan.agenda:
        line = f"\n{ITEM}{item}"
        if len(text + line + more + last) > DESCRIPTION_LENGTH:
            text += more
            break
        text += line
    return text + last


def is_stale(words: Wording, plan: Plan, seen: Seen | None, mark: str) -> bool:
    """Return whether the event has our own words about an agenda that is another."""
    if seen is None or seen.status is not Status.SCHEDULED:
        return False
    said = description(words, plan, mark, seen)
    return seen.description.rstrip() != said.rstrip()


def _is_ours(words: Wording, plan: Plan, seen: Seen, mark: str) -> bool:
    """Return whether nobody has written anything there but us."""
    body, _, last = seen.description.rstrip().rpartition("\n")
    first, *items = body.rstrip().split("\n")
    ours = first == _hosted(words, plan) and all(one.startswith(ITEM) for one in items)
    return ours and last == mark


def _hosted(words: Wording, plan: Plan) -> str:
    language = language_of(plan.language, "en")
    return words.say(language, "plan.event.description", {"host_id": plan.host_id})
