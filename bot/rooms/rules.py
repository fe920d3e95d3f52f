"""Rules of participation: shown at the first request to speak, accepted by a button.

A Space keeps the version that was in force when it opened; who accepted that version
in an earlier Space is not asked again. An acceptance is written to the record first
and told to the Space after, so that a crash in between asks nobody twice.
"""

import re
from collections.abc import Awaitable, Callable

import discord

from bot.client import Press
from bot.house import House
from bot.panel.buttons import SpaceButton, row
from bot.refusals import Impossible
from bot.texts.escape import harmless, plain
from bot.texts.language import Language
from moderation.effects import Effect
from moderation.events import Event, HandRaised, RulesAccepted
from moderation.refused import Refused
from moderation.requests import RequestKind
from moderation.space import Space
from moderation.store import rules
from moderation.store.database import Store
from moderation.store.rules import RulesRow

GATE = "gate.rules"
"""Key of the refusal of a hand whose owner has not accepted the rules."""

TEXT_LIMIT = 1500
"""Characters that may be typed."""

SHOWN_LIMIT = 1600
"""Characters of the text as it is shown, so that a message (2,000) has room for it."""

Tell = Callable[[Event, int | None], Awaitable[list[Effect]]]


def cleaned(text: str) -> str:
    """Return rules as they are kept: clean lines, one empty line between at most."""
    lines = "\n".join(plain(line, TEXT_LIMIT) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def shown(text: str) -> str:
    """Return rules as they are shown: no markup, no ping, line by line."""
    return "\n".join(harmless(line, TEXT_LIMIT) for line in text.split("\n"))


def version_of(kept: RulesRow | None) -> str | None:
    """Return the name that a Space's gate has for a version; None where there is none.

    It differs from any number that somebody may have put into the configuration.
    """
    return None if kept is None else f"rules-{kept.id}"


async def in_force(store: Store, guild_id: int, format: str) -> RulesRow | None:
    """Return the rules that a Space of this format has if it opens now."""
    return await store.read(lambda db: rules.in_force(db, guild_id, format))


class RulesDesk:
    """Where the members of one Space read and accept its rules."""

    def __init__(
        self, house: House, space_id: int, space: Callable[[], Space], tell: Tell
    ) -> None:
        self._house = house
        self._space_id = space_id
        self._space = space
        self._tell = tell
        self._held: dict[int, HandRaised] = {}

    async def tell(self, event: Event, shown_to: int) -> list[Effect]:
        """Hand in a fact; a hand that waits for the rules is kept until they are.

        Raises Refused like the Space itself. Who accepted this version in an earlier
        Space is let in without being asked.
        """
        try:
            return await self._tell(event, shown_to)
        except Refused as refused:
            if refused.key != GATE or not isinstance(event, HandRaised):
                raise
            if not await self.recall(event.user_id):
                self._held[event.user_id] = event
                raise
        return await self._tell(event, shown_to)

    async def recall(self, user_id: int) -> bool:
        """Tell the Space if a member accepted its rules before; say whether."""
        known = await self.remembered(user_id)
        if known is not None:
            await self._tell(known, user_id)
        return known is not None

    async def remembered(self, user_id: int) -> RulesAccepted | None:
        """Return the fact that a member accepted these rules before; None: did not."""
        kept = await self.text()
        if kept is None:
            return None
        known = await self._house.store.read(lambda db: rules.accepted(db, kept.id))
        return RulesAccepted(user_id, self._version()) if user_id in known else None

    async def text(self) -> RulesRow | None:
        """Return the version that this Space asks for; None where it has no text."""
        named = re.fullmatch(r"rules-(\d+)", self._version())
        if named is None:
            return None
        number = int(named[1])
        return await self._house.store.read(lambda db: rules.get(db, number))

    def accepted(self, user_id: int) -> bool:
        """Say whether the Space knows that a member accepted its rules."""
        member = self._space().state.people.members.get(user_id)
        return member is not None and member.rules_version == self._version()

    async def question(
        self, user_id: int, reader: Language
    ) -> tuple[str, discord.ui.View] | None:
        """Return what asks a member; accepting raises their hand.

        None where there is no text to accept.
        """
        kept = await self.text()
        if kept is None:
            return None
        held = self._held.get(user_id) or HandRaised(user_id)
        text = self._house.wording.catalogue.text(
            reader, "rules.ask", text=shown(kept.text)
        )
        return text, self.button(kept, reader, held.kind.value)

    def button(
        self, kept: RulesRow, reader: Language, kind: str = ""
    ) -> discord.ui.View:
        """Return the button that accepts; with a kind of hand it raises that too."""
        verb = "accept_hand" if kind else "accept_rules"
        press = Press(verb, self._space_id, f"{kept.id}.{kind}")
        label = self._house.wording.say(reader, f"button.{verb}")
        return row(SpaceButton(press, label, style=discord.ButtonStyle.success))

    async def accept(self, user_id: int, arg: str) -> HandRaised | None:
        """Write down that a member accepted; return the hand to raise for them.

        Raises Impossible for a button of another version.
        """
        kept = await self.text()
        number, _, kind = arg.partition(".")
        kinds = {one.value for one in RequestKind}
        if kept is None or number != str(kept.id) or (kind and kind not in kinds):
            raise Impossible("old_button")
        now = self._house.clock.now()
        await self._house.store.write(
            lambda db: rules.accept(db, kept.id, user_id, now)
        )
        await self._tell(RulesAccepted(user_id, self._version()), user_id)
        held = self._held.pop(user_id, None)
        if held is None and kind:
            # The bot was restarted in between: the note is gone, the wish is not.
            return HandRaised(user_id, RequestKind(kind))
        return held

    def _version(self) -> str:
        return self._space().state.settings.gate.rules_version
