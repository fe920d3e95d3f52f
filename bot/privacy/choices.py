"""What members allow with their voice: asked, answered, looked up, in any channel.

Rules: an answer holds for the whole guild, wherever it is given, so that none needs a
live Space, nor is it asked which is meant where several are. Every live Space that
knows the member hears of it at once, the one that they sit in and one that they only
left; the others ask the ledger when the member comes in. The text names the longest
time for which any of them, or the next one, keeps a voice: the answer covers them all.
What is given is on the ledger first and told to the Spaces after, so that nothing is
ever decoded without a row that allows it; what is taken back is not heard any more
before anything else happens.
"""

import asyncio
import contextlib

from bot.client import Press
from bot.house import House
from bot.panel.buttons import SpaceButton, row
from bot.presses import Answers
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language, patiently
from bot.rooms.consent import covers, days_of, lower, version_of
from bot.rooms.room import Room
from bot.rooms.rooms import Rooms
from media.consent import Consent
from moderation.events import ConsentGiven
from moderation.refused import Refused
from moderation.store import consents
from moderation.store.consents import ConsentRow

CONSENT, ALLOW = "consent", "allow"
"""Verbs: show the question; answer it. What an answer carries in place of a Space is
the number of days that the question named."""

LEVELS = (Consent.AUDIO, Consent.TRANSCRIPT, Consent.NOTHING)


class Choices:
    """The question, its three answers, and what one answered."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._house = house
        self._rooms = rooms

    def answers(self) -> Answers:
        """Return what the buttons do; they outlive the Space that they came from."""
        return {CONSENT: self._asked, ALLOW: self._answered}

    async def status(self, interaction: AnyInteraction) -> None:
        """Say what this person has agreed to.

        An answer that holds in some live Space of the guild, or would in the next one,
        is told: what is said is never less than what is kept.
        """
        guild_id, user_id = _whose(interaction)
        live = self._rooms.in_guild(guild_id)
        here = {None, *(room.space_id for room in live)}
        days = min(self._days(live))
        given = await self._house.store.read(
            lambda db: consents.history(db, guild_id, user_id)
        )
        last = next((one for one in reversed(given) if one.space_id in here), None)
        name = "unanswered"
        if last is not None and covers(last.level, last.text_version, days):
            name = Consent(last.level).name.lower()
        await self._say(interaction, f"consent.status_{name}")

    async def ask(self, interaction: AnyInteraction) -> None:
        """Show the text and the three choices."""
        guild_id, _ = _whose(interaction)
        days = self._longest(guild_id)
        reader, wording = language(interaction), self._house.wording
        buttons = [
            SpaceButton(
                Press(ALLOW, round(days), str(int(level))),
                wording.say(reader, f"button.level_{level.name.lower()}"),
            )
            for level in LEVELS
        ]
        text = wording.say(reader, "consent.text", {"days": f"{days:g}"})
        await answer(interaction, text, row(*buttons))

    async def give(
        self,
        interaction: AnyInteraction,
        level: Consent,
        source: str,
        told: float | None = None,
    ) -> None:
        """Write a choice to the ledger, tell the Spaces, and confirm it.

        ``told`` is the number of days that the person read of, where they were shown
        some. A voice that would be kept for longer by now is asked for again.
        """
        guild_id, user_id = _whose(interaction)
        longest = self._longest(guild_id)
        version = version_of(longest if told is None else told)
        if not covers(level, version, longest):
            await self.ask(interaction)
            return
        given = ConsentRow(
            guild_id=guild_id,
            user_id=user_id,
            level=int(level),
            text_version=version,
            source=source,
            at=self._house.clock.now(),
        )
        for room in self._rooms.in_guild(guild_id):
            lower(room, user_id, level)
        await patiently(interaction, self._write(given))
        await self._say(interaction, f"consent.{level.name.lower()}")

    async def _write(self, given: ConsentRow) -> None:
        """Put an answer on the ledger, then tell the Spaces."""
        level, user_id = Consent(given.level), given.user_id
        await self._house.store.write(
            lambda db: consents.record(db, given), durable=True
        )
        event = ConsentGiven(user_id, level, given.text_version)
        # Those that are live by now: one that opened meanwhile may have read too early.
        rooms = self._rooms.in_guild(given.guild_id)
        await asyncio.gather(
            *(_tell(room, event) for room in rooms if _knows(room, user_id))
        )

    async def _asked(self, interaction: AnyInteraction, press: Press) -> None:
        room = self._rooms.by_id(press.space_id)
        if room is not None:
            room.courier.met(interaction, language(interaction))
        await self.ask(interaction)

    async def _answered(self, interaction: AnyInteraction, press: Press) -> None:
        if press.arg not in {str(int(level)) for level in LEVELS}:
            raise Impossible("old_button")
        level = Consent(int(press.arg))
        await self.give(interaction, level, "button", told=press.space_id)

    def _longest(self, guild_id: int) -> float:
        return max(self._days(self._rooms.in_guild(guild_id)))

    def _days(self, rooms: list[Room]) -> list[float]:
        """Return for how long the next Space keeps a voice, and each of these."""
        following = self._house.config.recording.keep_days
        return [following, *(days_of(room) for room in rooms)]

    async def _say(self, interaction: AnyInteraction, key: str) -> None:
        text = self._house.wording.say(language(interaction), key)
        await answer(interaction, text)


async def _tell(room: Room, event: ConsentGiven) -> None:
    with contextlib.suppress(Refused):  # it has ended by now
        await room.tell(event, shown_to=event.user_id)


def _knows(room: Room, user_id: int) -> bool:
    """Say whether a member is in a Space or has answered there before."""
    answered = room.space.state.consents.answers
    return room.roster.knows(user_id) or user_id in answered


def _whose(interaction: AnyInteraction) -> tuple[int, int]:
    if interaction.guild_id is None:
        raise Impossible("only_in_guild")
    return interaction.guild_id, interaction.user.id
